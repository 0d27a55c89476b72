import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { clickSave, contains, defineModels, fields, models, mountView, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { mappingEngine } from "@integration_monitor/js/mapping/mapping_engine";
// web/hoot/integration_mapping.hoot.ts
var EventType = class extends models.Model {
	_name = "integration.event.type";
	name = fields.Char();
	_records = [{
		id: 1,
		name: "Contact changed"
	}];
};
var Subscription = class extends models.Model {
	_name = "integration.subscription";
	event_type_id = fields.Many2one({ relation: "integration.event.type" });
	filter_domain = fields.Char();
	mapping = fields.Text();
	_records = [{
		id: 1,
		event_type_id: 1,
		filter_domain: "[('id', '=', 1)]",
		mapping: "data.name"
	}];
};
defineMailModels();
defineModels([EventType, Subscription]);
var SAMPLE = {
	event: JSON.stringify({
		id: "e-1",
		data: {
			name: "Mercy Hospital",
			line_ids: [{ quantity: 2 }]
		}
	}),
	schema: "{\"type\": \"object\"}",
	source: "record",
	why_made_up: false,
	res_id: 7,
	record_name: "Mercy Hospital",
	res_model: "integration.event.type",
	hidden: ["parent_id"],
	labels: { name: "Name" }
};
/** Maps to what the expression says, unless it holds the mistake "~". */
var WorkerDouble = class {
	onmessage = null;
	terminate() {}
	postMessage({ expression }) {
		const offset = expression.indexOf("~");
		const refused = {
			kind: "refused",
			cause: "expression",
			reason: "Unknown operator",
			place: {
				line: 1,
				column: offset + 1,
				offset,
				length: 1
			}
		};
		const mapped = {
			kind: "mapped",
			body: JSON.stringify({ data: { of: expression } })
		};
		this.onmessage?.({ data: offset < 0 ? mapped : refused });
	}
};
beforeEach(() => {
	patchWithCleanup(mappingEngine, { openWorker: () => new WorkerDouble() });
	onRpc("integration.event.type", "get_sample", () => SAMPLE);
});
async function mountEditor(options = {}) {
	await mountView({
		type: "form",
		resModel: "integration.subscription",
		resId: 1,
		arch: `
      <form>
        <field name="event_type_id"/>
        <field name="filter_domain"/>
        <field name="mapping" widget="integration_mapping"/>
      </form>`,
		...options
	});
	await settle();
}
async function settle() {
	await advanceTime(500);
	await animationFrame();
	await animationFrame();
}
test("the mapping is tried on a sample, and its result shown", async () => {
	await mountEditor();
	expect(".o_integration_mapping_result").toHaveText(/"of": "data.name"/);
	expect(".o_integration_mapping_outcome").toHaveText("Works for this sample.");
	expect(".o_integration_sample_note").toHaveText(/parent_id/);
});
test("every field can be found, and a press puts its path into the expression", async () => {
	await mountEditor();
	await contains(".o_integration_mapping textarea").edit("", { confirm: false });
	await contains(".o_integration_mapping input[type=search]").edit("mercy", { confirm: false });
	await animationFrame();
	expect(queryAllTexts(".o_integration_mapping_path code")).toEqual(["data.name"]);
	await contains(".o_integration_mapping_path").click();
	await settle();
	expect(".o_integration_mapping textarea").toHaveValue("data.name");
	expect(".o_integration_mapping_result").toHaveText(/"of": "data.name"/);
});
test("a mistake is shown with its place, and cannot be saved until it is gone", async () => {
	onRpc("integration.subscription", "web_save", ({ args }) => {
		expect.step(JSON.stringify(args?.[1]));
	});
	await mountEditor();
	await contains(".o_integration_mapping textarea").edit("data ~", { confirm: "blur" });
	await settle();
	expect(".o_integration_mapping_outcome").toHaveText(/Line 1, column 6\s*: Unknown operator/);
	expect(".o_integration_mapping_backdrop mark").toHaveText("~");
	expect(".o_form_button_save:enabled").toHaveCount(0);
	await contains(".o_integration_mapping textarea").edit("data", { confirm: "blur" });
	await settle();
	await clickSave();
	expect.verifySteps(["{\"mapping\":\"data\"}"]);
});
test("who may not change it sees the expression and asks for no sample", async () => {
	onRpc("integration.event.type", "get_sample", () => {
		expect.step("get_sample");
		return SAMPLE;
	});
	await mountEditor({ readonly: true });
	expect(".o_integration_mapping pre").toHaveText("data.name");
	expect(".o_integration_mapping textarea").toHaveCount(0);
	expect.verifySteps([]);
});
var COUNT = {
	state: "counted",
	matching: 412,
	total: 10001,
	limit: 1e4,
	days: 90
};
test("the filter tells how many documents it lets through, and why it cannot", async () => {
	let answer = COUNT;
	onRpc("integration.subscription", "count_matching", () => answer);
	await mountEditor({ arch: `
      <form>
        <field name="event_type_id"/>
        <field name="filter_domain"/>
        <widget name="integration_filter_count"/>
      </form>` });
	expect(".o_integration_filter_count").toHaveText("412 of the 10,000+ documents of the last 90 days would be sent.");
	answer = {
		...COUNT,
		state: "slow"
	};
	await contains(".o_field_widget[name=filter_domain] input").edit("[('id', '=', 2)]");
	await settle();
	expect(".o_integration_filter_count").toHaveText(/too many documents to count them quickly/);
});
