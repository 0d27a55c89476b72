import { FAILED, PENDING, QUEUED, openAttempts, openDeliveries } from "./overview_lists.js";
import { _t } from "@web/core/l10n/translation";
// web/src/overview/overview_cards.ts
/** The four numbers of the overview and the list behind each. */
function listCards(overview) {
	return [
		{
			key: "waiting",
			label: _t("Waiting"),
			hint: _t("Kept in Odoo until it is their turn"),
			count: overview.pendingCount,
			iconClass: "fa-hourglass-half",
			colourClass: "",
			request: openDeliveries(overview, _t("Waiting deliveries"), PENDING)
		},
		{
			key: "in_transit",
			label: _t("In transit"),
			hint: _t("On the way to the other system"),
			count: overview.queuedCount,
			iconClass: "fa-paper-plane-o",
			colourClass: "",
			request: openDeliveries(overview, _t("Deliveries in transit"), QUEUED)
		},
		{
			key: "needs_attention",
			label: _t("Need attention"),
			hint: _t("Not accepted; a person decides"),
			count: overview.failedCount,
			iconClass: "fa-exclamation-triangle",
			colourClass: overview.failedCount > 0 ? "text-danger" : "",
			request: openDeliveries(overview, _t("Need attention"), FAILED)
		},
		{
			key: "delivered",
			label: describePeriod(overview.period).delivered,
			hint: _t("Accepted by the other system"),
			count: overview.deliveredCount,
			iconClass: "fa-check",
			colourClass: overview.deliveredCount > 0 ? "text-success" : "",
			request: openAttempts(overview, ["delivered"])
		}
	];
}
function describePeriod(period) {
	switch (period) {
		case "24h": return {
			name: _t("24 hours"),
			delivered: _t("Delivered in 24 hours")
		};
		case "7d": return {
			name: _t("7 days"),
			delivered: _t("Delivered in 7 days")
		};
		case "30d": return {
			name: _t("30 days"),
			delivered: _t("Delivered in 30 days")
		};
		case "90d": return {
			name: _t("90 days"),
			delivered: _t("Delivered in 90 days")
		};
	}
}
export { describePeriod, listCards };
