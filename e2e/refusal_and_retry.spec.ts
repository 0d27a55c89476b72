import { expect, test } from "@playwright/test";
import { confirmPurchase, deliveriesOf, expectDeliveries, invoiceAction, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { acceptedEvents, setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const refusal = "VAT id missing on the payer";

test.afterEach(() => setSwitch(true));

test("a refused invoice tells its accountant why, and is delivered after Retry", async ({ browser }) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = accountant;
  await setSwitch(false, refusal);
  const id = await postInvoice(accountant, "refused", 3);
  await accountant.openForm(invoiceAction, id);
  await expect(page.locator(".o_form_view")).toContainText(refusal);
  await expect(page.locator("[name=integration_state]")).toContainText("Needs attention");
  await screenshot(page, "invoice_refused");

  await page.goto("/odoo/integration-exceptions");
  await expect(page.locator(".o_data_row", { hasText: refusal }).first()).toBeVisible();
  await screenshot(page, "exceptions");

  await setSwitch(true);
  await accountant.openForm(invoiceAction, id);
  await page.locator("button[name=action_integration_retry]").first().click();
  await expect(page.locator("[name=integration_state]")).toContainText("Delivered");
  await expect(page.locator(".o_form_view")).not.toContainText(refusal);
  expect(await acceptedEvents("switchable", `account.move/${id}`)).toHaveLength(1);

  const [retried] = (await deliveriesOf(accountant, "account.move", id)).filter(
    (row) => row.attempt_count === 2,
  );
  const transitions = await accountant.call<{ user_id: [number, string]; at: string; to_state: string }[]>(
    "integration.delivery.transition",
    "search_read",
    [[["delivery_id", "=", retried?.id]], ["user_id", "at", "to_state"]],
  );
  expect(transitions).toHaveLength(1);
  expect(transitions[0]?.to_state).toBe("pending");
  const [me] = await accountant.call<{ name: string }[]>("res.users", "search_read", [
    [["login", "=", "accountant"]],
    ["name"],
  ]);
  expect(transitions[0]?.user_id[1]).toBe(me?.name);
  expect(Date.parse(`${transitions[0]?.at}Z`)).toBeGreaterThan(Date.now() - 120_000);
  await accountant.close();
});

test("buyer and accountant neither see nor retry each other's failures, on screen or over RPC", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const buyer = await OdooUser.logIn(browser, "buyer");
  await setSwitch(false, refusal);
  const invoiceId = await postInvoice(accountant, "not for the buyer");
  const orderId = await confirmPurchase(buyer);
  const invoiceFailure = await failedDelivery(accountant, "account.move", invoiceId);
  const orderFailure = await failedDelivery(buyer, "purchase.order", orderId);

  expect(await deliveriesOf(buyer, "account.move", invoiceId)).toEqual([]);
  expect(await deliveriesOf(accountant, "purchase.order", orderId)).toEqual([]);
  await expectRefused(buyer, invoiceFailure);
  await expectRefused(accountant, orderFailure);

  await buyer.page.goto("/odoo/integration-exceptions");
  await expect(buyer.page.locator(".o_data_row").first()).toBeVisible();
  await expect(buyer.page.locator(".o_data_row", { hasText: "INV/" })).toHaveCount(0);
  await screenshot(buyer.page, "exceptions_of_the_buyer");
  await buyer.page.goto("/odoo/integration-deliveries");
  await expect(buyer.page.locator(".o_data_row").first()).toBeVisible();
  await expect(buyer.page.locator(".o_data_row", { hasText: "INV/" })).toHaveCount(0);
  await expect(buyer.page.locator(".o_menu_sections")).not.toContainText(/Overview|Configuration/);
  // Nor by the address of the delivery's page.
  await buyer.page.goto(`/odoo/integration-deliveries/${invoiceFailure}`);
  await expect(buyer.page.locator(".o_error_dialog")).toContainText("Access Error");
  await expect(buyer.page.locator("body")).not.toContainText("INV/");
  await screenshot(buyer.page, "buyer_is_refused");
  await accountant.page.goto("/odoo/integration-exceptions");
  await expect(accountant.page.locator(".o_data_row").first()).toBeVisible();
  await expect(accountant.page.locator(".o_data_row", { hasText: /^P0/ })).toHaveCount(0);

  await setSwitch(true);
  await accountant.call("account.move", "action_integration_retry", [[invoiceId]]);
  await buyer.call("integration.delivery", "action_retry", [[orderFailure]]);
  await expectDeliveries(accountant, "account.move", invoiceId, "delivered");
  await expectDeliveries(buyer, "purchase.order", orderId, "delivered");
  await Promise.all([accountant.close(), buyer.close()]);
});

async function failedDelivery(user: OdooUser, model: string, id: number): Promise<number> {
  const failed = async () => (await deliveriesOf(user, model, id)).filter((row) => row.state === "failed");
  await expect.poll(async () => (await failed()).length).toBe(1);
  return (await failed())[0]?.id ?? 0;
}

async function expectRefused(user: OdooUser, deliveryId: number): Promise<void> {
  for (const [method, args] of [
    ["read", [[deliveryId], ["state"]]],
    ["action_retry", [[deliveryId]]],
    ["action_explain", [[deliveryId]]],
    ["action_cancel", [[deliveryId], "not mine"]],
    ["write", [[deliveryId], { state: "pending" }]],
  ] as const) {
    await expect(user.call("integration.delivery", method, args), method).rejects.toThrow(/AccessError/);
  }
}
