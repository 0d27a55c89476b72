import { MockServer, fields, models } from "@web/../tests/web_test_helpers";
import { waitForChannels, waitNotifications } from "@bus/../tests/bus_test_helpers";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
// web/hoot/monitor_models.ts
/** The models that the browser tests need, cut down to what the components read. */
/** Past the window in which hints are collected, in ms. */
var AFTER_HINT_MS = 400;
/** The model of the server the tests run against, which must exist in them. */
function getModel(name) {
	const model = MockServer.env[name];
	if (!model) throw new Error(`The mock server has no model ${name}`);
	return model;
}
var BusinessDocument = class extends models.Model {
	_name = "business.document";
	name = fields.Char();
	integration_state = fields.Selection({ selection: [
		["failed", "Failed"],
		["pending", "Pending"],
		["delivered", "Delivered"],
		["cancelled", "Cancelled"]
	] });
	integration_delivery_count = fields.Integer();
	integration_cases = fields.Json();
	_records = [
		{
			id: 1,
			name: "INV/1",
			integration_state: "pending",
			integration_delivery_count: 1
		},
		{
			id: 2,
			name: "INV/2",
			integration_state: "failed",
			integration_delivery_count: 2
		},
		{
			id: 3,
			name: "INV/3",
			integration_state: false,
			integration_delivery_count: 0
		}
	];
};
var IntegrationAttempt = class extends models.Model {
	_name = "integration.delivery.attempt";
	delivery_id = fields.Many2one({ relation: "integration.delivery" });
	attempt_number = fields.Integer();
	started_at = fields.Datetime();
	duration_ms = fields.Integer();
	status_text = fields.Char();
	outcome = fields.Char();
	error = fields.Text();
	response_excerpt = fields.Text();
	worker = fields.Char();
	_records = [{
		id: 1,
		attempt_number: 1,
		started_at: "2026-11-20 08:31:54",
		duration_ms: 340,
		status_text: "HTTP 503",
		outcome: "retry",
		error: "503 Service Unavailable",
		response_excerpt: "<b>busy</b>",
		worker: "worker-a"
	}, {
		id: 2,
		attempt_number: 2,
		started_at: "2026-11-20 08:33:00",
		duration_ms: 1200,
		status_text: false,
		outcome: "failed",
		error: "Connection refused",
		response_excerpt: false,
		worker: "worker-b"
	}];
};
var IntegrationDelivery = class extends models.Model {
	_name = "integration.delivery";
	record_name = fields.Char();
	display_name = fields.Char();
	state = fields.Char();
	is_snoozed = fields.Boolean();
	last_error = fields.Text();
	case_summary = fields.Char();
	waiting_since = fields.Datetime();
	state_changed_at = fields.Datetime();
	delivered_at = fields.Datetime();
	attempt_ids = fields.One2many({ relation: "integration.delivery.attempt" });
	_records = [{
		id: 1,
		record_name: "INV/1",
		display_name: "INV/1 → Payer",
		state: "queued",
		attempt_ids: [1, 2]
	}, {
		id: 2,
		record_name: "INV/2",
		display_name: "INV/2 → Payer",
		state: "failed",
		last_error: "Unknown patient",
		case_summary: "Payer refused the data. It said: “Unknown patient”",
		waiting_since: "2026-11-20 08:31:54",
		attempt_ids: []
	}];
};
/** Sends a bus hint as Odoo does after a commit, and lets the components answer it. */
async function sendHint(channel, type, payload) {
	await waitForChannels([channel]);
	getModel("bus.bus")._sendone(channel, type, payload);
	await waitNotifications([type, payload]);
	await advanceTime(AFTER_HINT_MS);
	await animationFrame();
}
function sendDocumentHint(resId) {
	return sendHint(`integration_monitor.document_business.document_${resId}`, "integration_monitor.document_changed", {
		res_model: "business.document",
		res_id: resId
	});
}
function sendMonitorHint() {
	return sendHint("integration_monitor.monitor", "integration_monitor.changed", {});
}
export { BusinessDocument, IntegrationAttempt, IntegrationDelivery, getModel, sendDocumentHint, sendHint, sendMonitorHint };
