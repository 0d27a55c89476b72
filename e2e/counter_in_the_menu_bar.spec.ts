import { expect, type Page, test } from "@playwright/test";
import { confirmPurchase, deliveriesOf, expectDeliveries, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const refusal = "Payer number unknown";

test.afterEach(() => setSwitch(true));

test("the counter in the menu bar says how many need me, opens them with the keyboard, and goes by itself", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const buyer = await OdooUser.logIn(browser, "buyer");
  await setSwitch(false, refusal);
  const firstId = await postInvoice(accountant, "INV-NORTH", 7);
  const secondId = await postInvoice(accountant, "INV-SOUTH", 8);
  const orderId = await confirmPurchase(buyer);
  for (const user of [accountant, buyer]) await user.page.goto("/odoo/discuss");
  await expect(counter(accountant.page)).toHaveText("2");
  await expect(counter(buyer.page)).toHaveText("1");

  const { page } = accountant;
  await page.locator(".o_integration_exception_button").focus();
  await page.keyboard.press("Enter");
  const rows = page.locator(".o_integration_exception_row");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("INV-SOUTH");
  await expect(rows.first()).toContainText(`refused the data. It said: “${refusal}”`);
  await screenshot(page, "counter_list");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.locator(".o_form_view")).toContainText("INV-SOUTH");
  await expect(page.locator(".o_form_view")).toContainText("What to do");

  await setSwitch(true);
  for (const id of [firstId, secondId]) await retry(accountant, "account.move", id);
  await expectDeliveries(accountant, "account.move", secondId, "delivered");
  await expect(counter(page)).toHaveCount(0);
  await expect(counter(buyer.page)).toHaveText("1");
  await retry(buyer, "purchase.order", orderId);
  await expect(counter(buyer.page)).toHaveCount(0);
  await accountant.close();
  await buyer.close();
});

function counter(page: Page) {
  return page.locator(".o_integration_exception_button .badge");
}

async function retry(user: OdooUser, model: string, id: number): Promise<void> {
  const failed = (await deliveriesOf(user, model, id)).filter((row) => row.state === "failed");
  await user.call("integration.delivery", "action_retry", [failed.map((row) => row.id)]);
}
