import { listenForHints } from "./bus_hints.js";
import { createRefreshGate } from "./refresh_gate.js";
import { onWillUnmount, useEffect, useExternalListener } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
// web/src/live_refresh.ts
/** Keeps what a component shows up to date while somebody looks at it. */
/** Time from a hint to its refresh, in ms. */
var HINT_DELAY_MS = 300;
var browserClock = {
	nowMs: () => Date.now(),
	schedule(callback, delayMs) {
		const timer = browser.setTimeout(callback, delayMs);
		return () => browser.clearTimeout(timer);
	}
};
/** Owl hook, to be called in `setup()`. Returns the gate for refreshes that no hint asked for. */
function useLiveRefresh(options) {
	const bus = useService("bus_service");
	const gate = createRefreshGate({
		refresh: options.refresh,
		delayMs: HINT_DELAY_MS,
		spacingMs: options.spacingMs,
		isAwake: () => !document.hidden,
		clock: browserClock
	});
	const onHint = (payload) => {
		if (payload === null || (options.isRelevant?.(payload) ?? true)) gate.request();
	};
	useEffect(() => {
		const source = options.getSource();
		return source ? listenForHints(bus, source, onHint) : void 0;
	}, () => [options.getSource()?.channel]);
	useExternalListener(document, "visibilitychange", () => gate.wake());
	onWillUnmount(() => gate.stop());
	return gate;
}
export { useLiveRefresh };
