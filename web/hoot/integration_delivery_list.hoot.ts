import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime } from "@odoo/hoot-mock";
import {
  contains,
  defineModels,
  mountView,
  onRpc,
  toggleMenuItem,
  toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { getModel, IntegrationAttempt, IntegrationDelivery, sendMonitorHint } from "./monitor_models.ts";

defineMailModels();
defineModels([IntegrationDelivery, IntegrationAttempt]);

function mountList() {
  return mountView({
    type: "list",
    resModel: "integration.delivery",
    arch: `<list js_class="integration_delivery_list"><field name="record_name"/><field name="state"/></list>`,
  });
}

test("a delivery list follows the deliveries", async () => {
  await mountList();
  expect(queryAllTexts("td[name=state]")).toEqual(["queued", "failed"]);
  getModel("integration.delivery").write([1], { state: "delivered" });
  await sendMonitorHint();
  expect(queryAllTexts("td[name=state]")).toEqual(["delivered", "failed"]);
});

test("ticked rows stay ticked, and the list catches up when they are released", async () => {
  await mountList();
  await contains(".o_data_row:first input[type=checkbox]").click();
  getModel("integration.delivery").write([1], { state: "delivered" });
  await sendMonitorHint();
  expect(".o_data_row_selected").toHaveCount(1);
  expect(queryAllTexts("td[name=state]")).toEqual(["queued", "failed"]);
  await contains(".o_data_row:first input[type=checkbox]").click();
  await advanceTime(2000);
  expect(queryAllTexts("td[name=state]")).toEqual(["delivered", "failed"]);
});

test("a list goes on following after a chosen filter overtook its own load", async () => {
  let release = () => {};
  let isHolding = false;
  onRpc("integration.delivery", "web_search_read", async () => {
    if (!isHolding) return;
    isHolding = false;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  await mountView({
    type: "list",
    resModel: "integration.delivery",
    arch: `<list js_class="integration_delivery_list"><field name="record_name"/><field name="state"/></list>`,
    searchViewArch: `<search><filter name="all" string="All of them" domain="[('id', '>', 0)]"/></search>`,
  });
  isHolding = true;
  await sendMonitorHint();
  await toggleSearchBarMenu();
  await toggleMenuItem("All of them");
  release();
  await advanceTime(2000);
  getModel("integration.delivery").write([1], { state: "delivered" });
  await sendMonitorHint();
  await advanceTime(2000);
  expect(queryAllTexts("td[name=state]")).toEqual(["delivered", "failed"]);
});

test("delivery cards, which phones show, follow the deliveries too", async () => {
  await mountView({
    type: "kanban",
    resModel: "integration.delivery",
    arch: `
      <kanban js_class="integration_delivery_kanban">
        <templates><t t-name="card"><field name="state"/></t></templates>
      </kanban>`,
  });
  getModel("integration.delivery").write([1], { state: "delivered" });
  await sendMonitorHint();
  expect(queryAllTexts(".o_kanban_record:not(.o_kanban_ghost)")).toEqual(["delivered", "failed"]);
});
