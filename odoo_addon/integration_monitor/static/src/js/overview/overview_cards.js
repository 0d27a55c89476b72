import { EXCEPTIONS_ACTION, openDeliveryList } from "../delivery_actions.js";
import { _t } from "@web/core/l10n/translation";
// web/src/overview/overview_cards.ts
/** The four numbers of the overview and the list behind each. */
var DAY_MS = 864e5;
function listCards(overview) {
	return [
		{
			key: "waiting",
			label: _t("Waiting"),
			hint: _t("Kept in Odoo until it is their turn"),
			count: overview.pendingCount,
			iconClass: "fa-hourglass-half",
			colourClass: "",
			request: openDeliveryList(_t("Waiting deliveries"), [[
				"state",
				"=",
				"pending"
			]])
		},
		{
			key: "in_transit",
			label: _t("In transit"),
			hint: _t("On the way to the other system"),
			count: overview.queuedCount,
			iconClass: "fa-paper-plane-o",
			colourClass: "",
			request: openDeliveryList(_t("Deliveries in transit"), [[
				"state",
				"=",
				"queued"
			]])
		},
		{
			key: "needs_attention",
			label: _t("Need attention"),
			hint: _t("Not accepted; a person decides"),
			count: overview.failedCount,
			iconClass: "fa-exclamation-triangle",
			colourClass: overview.failedCount > 0 ? "text-danger" : "",
			request: EXCEPTIONS_ACTION
		},
		{
			key: "delivered",
			label: _t("Delivered in 24 hours"),
			hint: _t("Accepted by the other system"),
			count: overview.deliveredCount24h,
			iconClass: "fa-check",
			colourClass: overview.deliveredCount24h > 0 ? "text-success" : "",
			request: openDeliveryList(_t("Delivered in 24 hours"), [[
				"state",
				"in",
				["delivered", "acknowledged"]
			], [
				"delivered_at",
				">=",
				toServerDatetime(overview.serverTimeMs - DAY_MS)
			]])
		}
	];
}
/** Odoo's domain format for datetimes: UTC without zone or fraction. */
function toServerDatetime(instantMs) {
	return new Date(instantMs).toISOString().slice(0, 19).replace("T", " ");
}
export { listCards };
