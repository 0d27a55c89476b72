/** Keeps what a component shows up to date while somebody looks at it. */
import { onWillUnmount, useEffect, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";
import type { HintSource } from "./bus_hints.ts";
import { listenForHints } from "./bus_hints.ts";
import type { GateClock, RefreshGate } from "./refresh_gate.ts";
import { createRefreshGate } from "./refresh_gate.ts";

/** Time from a hint to its refresh, in ms. */
const HINT_DELAY_MS = 300;

const browserClock: GateClock = {
  nowMs: () => Date.now(),
  schedule(callback, delayMs) {
    const timer = browser.setTimeout(callback, delayMs);
    return () => browser.clearTimeout(timer);
  },
};

export interface LiveRefreshOptions {
  /** Where hints come from now; null while there is nothing to listen to. Asked after every render. */
  readonly getSource: () => HintSource | null;
  /** Whether a hint concerns this component. The bus delivers all hints of a type, not of a channel. */
  readonly isRelevant?: (payload: unknown) => boolean;
  readonly refresh: () => Promise<void>;
  /** Least time between two refreshes, in ms. */
  readonly spacingMs: number;
}

/** Owl hook, to be called in `setup()`. Returns the gate for refreshes that no hint asked for. */
export function useLiveRefresh(options: LiveRefreshOptions): RefreshGate {
  const bus = useService("bus_service");
  const gate = createRefreshGate({
    refresh: options.refresh,
    delayMs: HINT_DELAY_MS,
    spacingMs: options.spacingMs,
    isAwake: () => !document.hidden,
    clock: browserClock,
  });
  const onHint = (payload: unknown) => {
    // A null payload is a restored connection: anything may have happened.
    if (payload === null || (options.isRelevant?.(payload) ?? true)) {
      gate.request();
    }
  };
  useEffect(
    () => {
      const source = options.getSource();
      return source ? listenForHints(bus, source, onHint) : undefined;
    },
    () => [options.getSource()?.channel],
  );
  useExternalListener(document, "visibilitychange", () => gate.wake());
  onWillUnmount(() => gate.stop());
  return gate;
}
