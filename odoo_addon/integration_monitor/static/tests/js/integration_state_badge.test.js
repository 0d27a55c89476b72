import { BusinessDocument, getModel, sendDocumentHint, sendHint } from "./monitor_models.js";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { clickSave, contains, defineModels, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { waitForChannels, waitNotifications } from "@bus/../tests/bus_test_helpers";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
// web/hoot/integration_state_badge.hoot.ts
defineMailModels();
defineModels([BusinessDocument]);
var FORM = `
  <form>
    <field name="name"/>
    <field name="integration_delivery_count"/>
    <field name="integration_state" widget="integration_state_badge" readonly="1"/>
  </form>`;
function mountForm(resId) {
	return mountView({
		type: "form",
		resModel: "business.document",
		arch: FORM,
		...resId && { resId }
	});
}
test("a list says each state in plain words and says nothing for an empty one", async () => {
	await mountView({
		type: "list",
		resModel: "business.document",
		arch: `<list><field name="integration_state" widget="integration_state_badge"/></list>`
	});
	expect(queryAllTexts(".o_integration_state_badge")).toEqual(["In transit", "Needs attention"]);
	expect(".o_integration_state_badge:last").toHaveClass("text-bg-danger");
});
test("a cancelled document counts as not sent", async () => {
	BusinessDocument._records = [{
		id: 1,
		name: "INV/1",
		integration_state: "cancelled"
	}];
	await mountForm(1);
	expect(".o_integration_state_badge").toHaveText("Not sent");
});
test("an open form follows its document without a reload", async () => {
	await mountForm(1);
	expect(".o_integration_state_badge").toHaveText("In transit");
	getModel("business.document").write([1], {
		integration_state: "delivered",
		integration_delivery_count: 7
	});
	await sendDocumentHint(1);
	expect(".o_integration_state_badge").toHaveText("Delivered");
	expect(".o_field_widget[name=integration_delivery_count] input").toHaveValue("7");
});
test("a hint about another document reloads nothing", async () => {
	await mountForm(2);
	await waitForChannels(["integration_monitor.document_business.document_2"]);
	onRpc("business.document", "web_read", () => {
		expect.step("web_read");
	});
	await sendHint("integration_monitor.document_business.document_2", "integration_monitor.document_changed", {
		res_model: "business.document",
		res_id: 1
	});
	expect.verifySteps([]);
});
test("a hint about many documents may be about this one", async () => {
	await mountForm(1);
	getModel("business.document").write([1], { integration_state: "delivered" });
	await sendHint("integration_monitor.document_business.document_1", "integration_monitor.document_changed", {
		res_model: "business.document",
		res_id: 0
	});
	expect(".o_integration_state_badge").toHaveText("Delivered");
});
test("several hints in a row cause one reload", async () => {
	await mountForm(2);
	const channel = "integration_monitor.document_business.document_2";
	await waitForChannels([channel]);
	onRpc("business.document", "web_read", () => {
		expect.step("web_read");
	});
	const type = "integration_monitor.document_changed";
	const payload = {
		res_model: "business.document",
		res_id: 2
	};
	for (let sent = 0; sent < 3; sent += 1) getModel("bus.bus")._sendone(channel, type, payload);
	await waitNotifications([type, payload], [type, payload], [type, payload]);
	await advanceTime(1e3);
	expect.verifySteps(["web_read"]);
});
test("unsaved changes survive a hint, and the state appears after saving", async () => {
	await mountForm(1);
	await contains(".o_field_widget[name=name] input").edit("INV/1 changed");
	getModel("business.document").write([1], { integration_state: "failed" });
	await sendDocumentHint(1);
	expect(".o_field_widget[name=name] input").toHaveValue("INV/1 changed");
	expect(".o_integration_state_badge").toHaveText("In transit");
	await clickSave();
	await advanceTime(1e3);
	expect(".o_field_widget[name=name] input").toHaveValue("INV/1 changed");
	expect(".o_integration_state_badge").toHaveText("Needs attention");
});
test("text that is still being typed survives a hint", async () => {
	await mountForm(1);
	await contains(".o_field_widget[name=name] input").edit("half a na", { confirm: false });
	getModel("business.document").write([1], { integration_state: "failed" });
	await sendDocumentHint(1);
	expect(".o_field_widget[name=name] input").toHaveValue("half a na");
	expect(".o_integration_state_badge").toHaveText("In transit");
});
test("discarding changes lets the waiting state appear", async () => {
	await mountForm(1);
	await contains(".o_field_widget[name=name] input").edit("INV/1 changed");
	getModel("business.document").write([1], { integration_state: "delivered" });
	await sendDocumentHint(1);
	await contains(".o_form_button_cancel").click();
	await advanceTime(1e3);
	await animationFrame();
	expect(".o_field_widget[name=name] input").toHaveValue("INV/1");
	expect(".o_integration_state_badge").toHaveText("Delivered");
});
test("a new document is followed from its first save on", async () => {
	await mountForm();
	await contains(".o_field_widget[name=name] input").edit("INV/4");
	await clickSave();
	expect(".o_integration_state_badge").toHaveCount(0);
	getModel("business.document").write([4], { integration_state: "pending" });
	await sendDocumentHint(4);
	expect(".o_integration_state_badge").toHaveText("In transit");
});
test("a document in transit is read again until it has arrived, even when its hint was lost", async () => {
	await mountForm(1);
	expect(".o_integration_state_badge").toHaveText("In transit");
	await advanceTime(1400);
	expect(".o_integration_state_badge").toHaveText("In transit");
	getModel("business.document").write([1], { integration_state: "delivered" });
	await advanceTime(2400);
	await animationFrame();
	expect(".o_integration_state_badge").toHaveText("Delivered");
});
test("a settled document is not read again without a hint", async () => {
	BusinessDocument._records = [{
		id: 1,
		name: "INV/1",
		integration_state: "delivered"
	}];
	await mountForm(1);
	onRpc("business.document", "web_read", () => expect.step("web_read"));
	await advanceTime(6e4);
	expect.verifySteps([]);
});
test("a list does not open a channel per row", async () => {
	await mountView({
		type: "list",
		resModel: "business.document",
		arch: `<list><field name="integration_state" widget="integration_state_badge"/></list>`
	});
	await advanceTime(1e3);
	await waitForChannels(["integration_monitor.document_business.document_1"], { operation: "delete" });
});
