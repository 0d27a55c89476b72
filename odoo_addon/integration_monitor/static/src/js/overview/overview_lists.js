import { openDeliveryList } from "../delivery_actions.js";
import { _t } from "@web/core/l10n/translation";
// web/src/overview/overview_lists.ts
/** The list behind each number. Odoo says what it counted as domains; the lists ask the same. */
var WAITING = [[
	"state",
	"in",
	["pending", "queued"]
]];
var PENDING = [[
	"state",
	"=",
	"pending"
]];
var QUEUED = [[
	"state",
	"=",
	"queued"
]];
var FAILED = [[
	"state",
	"=",
	"failed"
]];
/** @param parts domains that must all hold */
function openDeliveries(overview, name, ...parts) {
	return openDeliveryList(name, [...overview.domains.company, ...parts.flat()]);
}
/** The same deliveries, one group for each document. */
function openDocuments(overview, name, ...parts) {
	return {
		...Object(openDeliveries(overview, name, ...parts)),
		context: { group_by: ["record_name"] }
	};
}
var ENDPOINTS_ACTION = "integration_monitor.integration_endpoint_action";
/**
* Attempts of the whole period, or of one of its parts.
*
* @param place of the part, from 0; null for the whole period
*/
function openAttempts(overview, outcomes, place = null, endpointId = null) {
	const { starts } = overview.series;
	const since = starts[place ?? 0];
	const until = place === null ? void 0 : starts[place + 1];
	const { company } = overview.domains;
	return {
		type: "ir.actions.act_window",
		name: _t("Attempts"),
		res_model: "integration.delivery.attempt",
		domain: [
			[
				"outcome",
				"in",
				outcomes
			],
			[
				"started_at",
				">=",
				since
			],
			...until === void 0 ? [] : [[
				"started_at",
				"<",
				until
			]],
			...endpointId === null ? [] : [[
				"delivery_id.endpoint_id",
				"=",
				endpointId
			]],
			...company.length === 0 ? [] : [[
				"delivery_id",
				"any",
				company
			]]
		],
		views: [[false, "list"], [false, "form"]]
	};
}
/** What a sentence of the header counts; null when it counts nothing. */
function openFinding(overview, finding) {
	switch (finding.kind) {
		case "documents_held": return openDocuments(overview, _t("Held up"), overview.domains.held);
		case "deliveries_lost": return openDeliveries(overview, _t("Lost on the way"), overview.domains.lost);
		case "messages_parked": return "integration_monitor.integration_parked_message_action";
		default: return null;
	}
}
export { ENDPOINTS_ACTION, FAILED, PENDING, QUEUED, WAITING, openAttempts, openDeliveries, openDocuments, openFinding };
