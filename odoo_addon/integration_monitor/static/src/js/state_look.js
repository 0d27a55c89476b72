import { _t } from "@web/core/l10n/translation";
// web/src/state_look.ts
/** How the integration state of a document is said and coloured. */
/** The look of a state; null when there is nothing to say, because nothing was ever due for sending. */
function describeIntegrationState(state) {
	switch (state) {
		case "failed": return {
			label: _t("Needs attention"),
			explanation: _t("A system did not accept this document. Open the deliveries to see why, then retry."),
			badgeClass: "text-bg-danger",
			iconClass: "fa-exclamation-triangle"
		};
		case "pending": return {
			label: _t("In transit"),
			explanation: _t("This document is on its way. It is sent again by itself until it arrives."),
			badgeClass: "text-bg-info",
			iconClass: "fa-paper-plane-o"
		};
		case "delivered": return {
			label: _t("Delivered"),
			explanation: _t("Every connected system has accepted this document."),
			badgeClass: "text-bg-success",
			iconClass: "fa-check"
		};
		case "cancelled": return {
			label: _t("Not sent"),
			explanation: _t("Somebody cancelled the delivery of this document."),
			badgeClass: "text-bg-secondary",
			iconClass: "fa-ban"
		};
		default: return null;
	}
}
export { describeIntegrationState };
