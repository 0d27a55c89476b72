import { getModel } from "./monitor_models.js";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
// web/hoot/integration_test_progress.hoot.ts
var EndpointTest = class extends models.Model {
	_name = "integration.endpoint.test.wizard";
	state = fields.Selection({ selection: [["pending", "Waiting"], ["delivered", "Delivered"]] });
	progress = fields.Char();
	is_stuck = fields.Boolean();
	_records = [{
		id: 1,
		state: "pending",
		progress: "Waiting for the sidecar",
		is_stuck: false
	}];
};
defineMailModels();
defineModels([EndpointTest]);
function mountTest() {
	return mountView({
		type: "form",
		resModel: "integration.endpoint.test.wizard",
		resId: 1,
		arch: `<form>
      <field name="progress" widget="integration_test_progress" invisible="state != 'pending'"/>
      <field name="state"/>
    </form>`
	});
}
function write(values) {
	getModel("integration.endpoint.test.wizard").write([1], values);
}
/** Long enough for the next look at a test that is under way. */
async function letTimePass() {
	await advanceTime(5e3);
	await animationFrame();
}
test("what a test waits for is said aloud, and goes when the test is over", async () => {
	await mountTest();
	expect("[role=status]").toHaveText("Waiting for the sidecar");
	write({
		state: "delivered",
		progress: false
	});
	await letTimePass();
	expect("[role=status]").toHaveCount(0);
});
test("what is missing is noticed without any hint, since no sidecar may be there to cause one", async () => {
	await mountTest();
	expect("[role=status]").toHaveClass("alert-info");
	write({
		progress: "No sidecar has reported",
		is_stuck: true
	});
	await letTimePass();
	expect("[role=status]").toHaveText("No sidecar has reported");
	expect("[role=status]").toHaveClass("alert-warning");
});
