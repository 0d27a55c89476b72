/** Hints on Odoo's bus say that something changed; they carry no data worth showing. */
import type { BusService } from "odoo-services";

export interface HintSource {
  readonly channel: string;
  readonly type: string;
}

/** Any delivery, endpoint or worker changed. */
export const MONITOR_HINTS: HintSource = {
  channel: "integration_monitor.monitor",
  type: "integration_monitor.changed",
};

/** Deliveries of one business document changed. The server refuses it to people who may not read it. */
export function documentHints(resModel: string, resId: number): HintSource {
  return {
    channel: `integration_monitor.document_${resModel}_${resId}`,
    type: "integration_monitor.document_changed",
  };
}

/**
 * Calls `onHint` for every hint of that source, and after a lost connection came back, since hints may
 * have been missed meanwhile. Returns the function that ends it.
 */
export function listenForHints(
  bus: BusService,
  source: HintSource,
  onHint: (payload: unknown) => void,
): () => void {
  const onReconnect = () => onHint(null);
  bus.subscribe(source.type, onHint);
  bus.addEventListener("BUS:RECONNECT", onReconnect);
  const added = bus.addChannel(source.channel);
  return () => {
    bus.unsubscribe(source.type, onHint);
    bus.removeEventListener("BUS:RECONNECT", onReconnect);
    // The bus adds channels asynchronously: removing before that would leave the channel open for good.
    added.then(() => bus.deleteChannel(source.channel));
  };
}
