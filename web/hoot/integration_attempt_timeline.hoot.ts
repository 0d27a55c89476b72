import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, defineModels, mountView } from "@web/../tests/web_test_helpers";
import { getModel, IntegrationAttempt, IntegrationDelivery, sendMonitorHint } from "./monitor_models.ts";

defineMailModels();
defineModels([IntegrationDelivery, IntegrationAttempt]);

function mountForm(resId: number) {
  return mountView({
    type: "form",
    resModel: "integration.delivery",
    resId,
    arch: `<form><field name="attempt_ids" widget="integration_attempt_timeline" readonly="1"/></form>`,
  });
}

test("attempts are shown newest first, each with what happened", async () => {
  await mountForm(1);
  expect(queryAllTexts(".o_integration_attempt strong")).toEqual(["Attempt 2", "Attempt 1"]);
  expect(queryAllTexts(".o_integration_attempt_outcome")).toEqual(["Failed", "Not accepted yet"]);
  expect(".o_integration_attempt:first").toHaveText(/No answer/);
  expect(".o_integration_attempt:first").toHaveText(/1\.2 s/);
  expect(".o_integration_attempt:first").toHaveText(/worker-b/);
  expect(".o_integration_attempt:last").toHaveText(/HTTP 503/);
  expect(".o_integration_attempt:last").toHaveText(/340 ms/);
});

test("the answer of an endpoint is shown as text, never as HTML", async () => {
  await mountForm(1);
  expect("details").toHaveCount(1);
  await contains("summary").click();
  expect(".o_integration_attempt_answer").toHaveText("<b>busy</b>");
  expect(".o_integration_attempt_answer b").toHaveCount(0);
});

test("without attempts it says so", async () => {
  await mountForm(2);
  expect(".o_integration_attempt").toHaveCount(0);
  expect(".o_integration_attempt_timeline").toHaveText("No attempt has been made yet.");
});

test("attempts beyond the loaded ones can be shown", async () => {
  await mountView({
    type: "form",
    resModel: "integration.delivery",
    resId: 1,
    arch: `
      <form>
        <field name="attempt_ids" widget="integration_attempt_timeline" readonly="1">
          <list limit="1"><field name="attempt_number"/></list>
        </field>
      </form>`,
  });
  expect(".o_integration_attempt").toHaveCount(1);
  await contains("button:contains(Show 1 more)").click();
  expect(".o_integration_attempt").toHaveCount(2);
});

test("a new attempt appears by itself", async () => {
  await mountForm(2);
  const attemptId = getModel("integration.delivery.attempt").create({
    attempt_number: 1,
    outcome: "delivered",
    status_text: "AMQP 200 REPLY_SUCCESS",
  });
  getModel("integration.delivery").write([2], { attempt_ids: [[6, 0, [attemptId].flat()]] });
  await sendMonitorHint();
  expect(queryAllTexts(".o_integration_attempt_outcome")).toEqual(["Delivered"]);
  expect(".o_integration_attempt:first").toHaveText(/AMQP 200 REPLY_SUCCESS/);
});
