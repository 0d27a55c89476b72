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

/** Whether a hint of documents concerns this one. With the number 0, it is about many of the model. */
export function isAboutDocument(payload: unknown, resModel: string, resId: number | false): boolean {
  return (
    typeof payload === "object" &&
    payload !== null &&
    "res_model" in payload &&
    "res_id" in payload &&
    payload.res_model === resModel &&
    (payload.res_id === resId || payload.res_id === 0)
  );
}

/** How many listeners each channel has: the bus knows a channel as open or not, whoever asked for it. */
const listenerCounts = new Map<string, number>();

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
  listenerCounts.set(source.channel, (listenerCounts.get(source.channel) ?? 0) + 1);
  const added = bus.addChannel(source.channel);
  return () => {
    bus.unsubscribe(source.type, onHint);
    bus.removeEventListener("BUS:RECONNECT", onReconnect);
    // The bus adds channels asynchronously: removing before that would leave the channel open for good.
    added.then(() => closeUnlessShared(bus, source.channel));
  };
}

/** A dialog over a form listens to the same document: the form must still hear it when the dialog closes. */
function closeUnlessShared(bus: BusService, channel: string): void {
  const count = (listenerCounts.get(channel) ?? 1) - 1;
  if (count > 0) {
    listenerCounts.set(channel, count);
    return;
  }
  listenerCounts.delete(channel);
  bus.deleteChannel(channel);
}
