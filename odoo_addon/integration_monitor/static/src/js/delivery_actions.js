// web/src/delivery_actions.ts
function openDeliveryList(name, domain) {
	return {
		type: "ir.actions.act_window",
		name,
		res_model: "integration.delivery",
		domain,
		views: [[false, "list"], [false, "form"]]
	};
}
/** What the counter counts: see `get_exception_count`. */
var FAILED_DELIVERIES = [[
	"state",
	"=",
	"failed"
], [
	"is_snoozed",
	"=",
	false
]];
/** The stored action, so that the address in the browser can be shared. */
var EXCEPTIONS_ACTION = "integration_monitor.integration_delivery_action_exceptions";
function openRecord(resModel, resId) {
	return {
		type: "ir.actions.act_window",
		res_model: resModel,
		res_id: resId,
		views: [[false, "form"]]
	};
}
export { EXCEPTIONS_ACTION, FAILED_DELIVERIES, openDeliveryList, openRecord };
