import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, defineModels, mockService, mountView, onRpc } from "@web/../tests/web_test_helpers";
import {
  BusinessDocument,
  getModel,
  IntegrationAttempt,
  IntegrationDelivery,
  sendDocumentHint,
} from "./monitor_models.ts";

defineMailModels();
defineModels([BusinessDocument, IntegrationDelivery, IntegrationAttempt]);

const REFUSED = {
  delivery_id: 2,
  summary: "Payer refused the data. It said: “VAT id missing”",
  advice: "Correct in INV/2 what the answer names, then send it again.",
  kind: "refused",
  can_act: true,
  ask_whom: false,
};

function mountForm(cases: readonly object[]) {
  BusinessDocument._records = [
    { id: 2, name: "INV/2", integration_state: "failed", integration_cases: cases },
  ];
  return mountView({
    type: "form",
    resModel: "business.document",
    resId: 2,
    arch: `
      <form>
        <widget name="integration_document_banner"/>
        <field name="name"/>
        <field name="integration_state" widget="integration_state_badge" readonly="1"/>
      </form>`,
  });
}

test("as long as nobody is needed nothing is shown", async () => {
  await mountForm([]);
  expect(".o_integration_banner").toHaveCount(0);
});

test("it says which system answered what, what to do, and what each action does", async () => {
  await mountForm([REFUSED]);
  expect(".o_integration_banner strong").toHaveText(REFUSED.summary);
  expect(".o_integration_banner").toHaveText(/What to do: Correct in INV\/2/);
  expect(queryAllTexts(".o_integration_banner_actions button")).toEqual([
    "Retry",
    "Send current version",
    "Don't send",
  ]);
  expect(".o_integration_banner_actions span").toHaveCount(3);
});

test("what the advice asks for stands out: the present version after a refusal, else the same again", async () => {
  await mountForm([REFUSED, { ...REFUSED, delivery_id: 3, kind: "unreachable" }]);
  expect(queryAllTexts(".btn-danger")).toEqual(["Send current version", "Retry"]);
});

test("what another system said is shown as text, never as HTML", async () => {
  await mountForm([{ ...REFUSED, summary: "It said: <b>no</b>" }]);
  expect(".o_integration_banner strong").toHaveText("It said: <b>no</b>");
  expect(".o_integration_banner b").toHaveCount(0);
});

test("who may not act is told whom to ask, and gets no buttons", async () => {
  await mountForm([{ ...REFUSED, can_act: false, ask_whom: "Ada Accountant" }]);
  expect(".o_integration_banner_ask").toHaveText(/Ask Ada Accountant/);
  expect(".o_integration_banner_actions").toHaveCount(0);
});

test("each case of several systems has its own actions; many are counted", async () => {
  await mountForm([1, 2, 3, 4, 5].map((id) => ({ ...REFUSED, delivery_id: id })));
  expect(".o_integration_banner_case").toHaveCount(3);
  expect("button:contains(And 2 more)").toHaveCount(1);
});

test("Retry and Send current version ask Odoo for this delivery, after the form is saved", async () => {
  onRpc("business.document", "web_save", () => {
    expect.step("save");
    return undefined;
  });
  for (const method of ["action_retry", "action_send_current"]) {
    onRpc("integration.delivery", method, ({ args }) => {
      expect.step(`${method} ${JSON.stringify(args[0])}`);
      return true;
    });
  }
  await mountForm([REFUSED]);
  await contains("button[name=action_integration_retry]").click();
  await contains(".o_field_widget[name=name] input").edit("INV/2 corrected");
  await contains("button[name=action_send_current]").click();
  expect.verifySteps(["action_retry [2]", "save", "action_send_current [2]"]);
});

test("Don't send asks for the reason", async () => {
  mockService("action", {
    doActionButton: (params: { name: string; resModel: string; resIds: number[] }) => {
      expect.step(`${params.name} ${params.resModel} ${params.resIds}`);
    },
  });
  await mountForm([REFUSED]);
  await contains("button[name=action_cancel]").click();
  expect.verifySteps([
    "integration_monitor.integration_delivery_cancel_wizard_action integration.delivery 2",
  ]);
});

test("it goes by itself when the case is settled", async () => {
  await mountForm([REFUSED]);
  expect(".o_integration_banner").toHaveCount(1);
  getModel("business.document").write([2], { integration_cases: [], integration_state: "delivered" });
  await sendDocumentHint(2);
  expect(".o_integration_banner").toHaveCount(0);
});
