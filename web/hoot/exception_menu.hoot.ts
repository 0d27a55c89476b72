import { ExceptionMenu } from "@integration_monitor/js/exception_menu";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import {
  contains,
  defineModels,
  makeServerError,
  mockService,
  mountWithCleanup,
  onRpc,
} from "@web/../tests/web_test_helpers";
import { IntegrationAttempt, IntegrationDelivery, sendMonitorHint } from "./monitor_models.ts";

defineMailModels();
defineModels([IntegrationDelivery, IntegrationAttempt]);

function answerCount(getCount: () => number) {
  onRpc("integration.delivery", "get_exception_count", () => ({ count: getCount() }));
}

async function mountMenu() {
  await mountWithCleanup(ExceptionMenu);
  await animationFrame();
}

test("the systray entry is invisible while nothing needs attention", async () => {
  answerCount(() => 0);
  await mountMenu();
  expect(".o_integration_exception_button").toHaveCount(0);
});

test("the systray entry appears with the first exception and follows the count", async () => {
  let count = 0;
  answerCount(() => count);
  await mountMenu();
  count = 3;
  await sendMonitorHint();
  expect(".o_integration_exception_button .badge").toHaveText("3");
  count = 0;
  await sendMonitorHint();
  await advanceTime(6000);
  await animationFrame();
  expect(".o_integration_exception_button").toHaveCount(0);
});

test("people without rights see nothing and no error", async () => {
  onRpc("integration.delivery", "get_exception_count", () => {
    expect.step("refused");
    throw makeServerError({ type: "AccessError" });
  });
  await mountMenu();
  expect(".o_integration_exception_button").toHaveCount(0);
  expect(".o_error_dialog").toHaveCount(0);
  expect.verifySteps(["refused"]);
});

test("the open menu lists failed deliveries and leads to them", async () => {
  mockService("action", {
    doAction(request: unknown) {
      const target = typeof request === "string" ? request : JSON.stringify(request);
      expect.step(target);
    },
  });
  mockDate("2026-11-20 11:31:54", 0);
  answerCount(() => 1);
  await mountMenu();
  await contains(".o_integration_exception_button").click();
  await animationFrame();
  expect(queryAllTexts(".o_integration_exception_row")).toEqual([
    "INV/2 → Payer\n3 hours ago\nPayer refused the data. It said: “Unknown patient”",
  ]);
  await contains(".o_integration_exception_row").click();
  await contains(".o_integration_exception_button").click();
  await contains(".o_integration_exception_all").click();
  expect.verifySteps([
    `{"type":"ir.actions.act_window","res_model":"integration.delivery","res_id":2,"views":[[false,"form"]]}`,
    "integration_monitor.integration_delivery_action_exceptions",
  ]);
});

test("the open menu is walked through and left by keyboard", async () => {
  mockService("action", {
    doAction(request: unknown) {
      expect.step(typeof request === "string" ? request : "delivery");
    },
  });
  answerCount(() => 1);
  await mountMenu();
  await contains(".o_integration_exception_button").click();
  await animationFrame();
  await press("ArrowDown");
  await animationFrame();
  await press("Enter");
  await animationFrame();
  expect.verifySteps(["delivery"]);
  await contains(".o_integration_exception_button").click();
  await animationFrame();
  await press("Escape");
  await animationFrame();
  expect(".o_integration_exception_row").toHaveCount(0);
});

test("the menu says that nothing is left when the last exception went while it was opened", async () => {
  answerCount(() => 1);
  onRpc("integration.delivery", "web_search_read", () => ({ length: 0, records: [] }));
  await mountMenu();
  await contains(".o_integration_exception_button").click();
  await animationFrame();
  expect(".o_integration_exception_menu").toHaveText(/Nothing needs attention any more/);
});
