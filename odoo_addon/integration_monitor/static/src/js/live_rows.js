import { MONITOR_HINTS } from "./bus_hints.js";
import { useLiveRefresh } from "./live_refresh.js";
import { useEffect } from "@odoo/owl";
// web/src/live_rows.ts
/** Keeps the rows of a list or kanban view of deliveries up to date. */
/** Least time between two reloads, in ms. */
var RELOAD_SPACING_MS = 1e3;
/**
* Owl hook for view controllers, to be called in `setup()`. Rows that somebody has ticked or is editing
* stay as they are; the view catches up as soon as the hands are off.
*/
function useLiveRows(model) {
	let isStale = false;
	const gate = useLiveRefresh({
		getSource: () => MONITOR_HINTS,
		refresh: async () => {
			isStale = isInUse(model);
			if (!isStale) await model.load();
		},
		spacingMs: RELOAD_SPACING_MS
	});
	useEffect((isInUseNow) => {
		if (!isInUseNow && isStale) gate.request();
	}, () => [isInUse(model)]);
}
function isInUse({ root }) {
	return root.selection.length > 0 || root.isDomainSelected || Boolean(root.editedRecord);
}
export { useLiveRows };
