import { expect, test } from "@playwright/test";
import { invoiceAction, purchaseAction } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { acceptedEvents, setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

test.beforeEach(() => setSwitch(true));

test("an invoice posted by the accountant reaches both endpoints and shows it without a reload", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = accountant;
  await accountant.openForm(invoiceAction, "new");
  await page.locator("[name=partner_id] input").fill("Riverside");
  await page.locator(".o-autocomplete--dropdown-item", { hasText: "Riverside" }).first().click();
  await page.getByRole("button", { name: "Add a line" }).click();
  await page.locator("[name=product_id] input").fill("consult");
  await page
    .locator(".o-autocomplete--dropdown-item", { hasText: /consult/i })
    .first()
    .click();
  await page.getByRole("button", { name: "Confirm", exact: true }).click();

  await expect(page.locator("[name=integration_state]")).toContainText("Delivered");
  const smartButton = page.locator("button[name=action_view_integration_timeline]");
  await expect(smartButton).toContainText("2");
  const id = Number(new URL(page.url()).pathname.split("/").at(-1));
  const [received, ...others] = await acceptedEvents("steady", `account.move/${id}`);
  expect(others.filter((item) => item.event.type === received?.event.type)).toEqual([]);
  expect(received).toMatchObject({
    verified: true,
    event: { type: "odoo.account.invoice.posted.v1", data: { amount_total: { currency: "USD" } } },
  });
  await screenshot(page, "invoice_delivered");

  await smartButton.click();
  await page.getByRole("button", { name: "All deliveries of this document" }).click();
  await page.locator(".o_data_row", { hasText: "Sample receiver" }).first().click();
  await expect(page.locator("[name=attempt_ids]")).toContainText("200");
  await screenshot(page, "delivery_attempts");
  await accountant.close();
});

test("a posted invoice is at the receiver within two seconds of its commit", async ({ browser }) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { draftInvoice } = await import("./documents.ts");
  const id = await draftInvoice(accountant, "two seconds");
  await accountant.call("account.move", "action_post", [[id]]);
  const committedAt = Date.now();
  await expect.poll(() => acceptedEvents("steady", `account.move/${id}`)).not.toEqual([]);
  const [received] = await acceptedEvents("steady", `account.move/${id}`);
  expect(Date.parse(received?.received_at ?? "") - committedAt).toBeLessThan(2_000);
  await accountant.close();
});

test("a purchase order confirmed by the buyer reaches both endpoints and shows it without a reload", async ({
  browser,
}) => {
  const buyer = await OdooUser.logIn(browser, "buyer");
  const { page } = buyer;
  await buyer.openForm(purchaseAction, "new");
  await page.locator("[name=partner_id] input").fill("Helix");
  await page.locator(".o-autocomplete--dropdown-item", { hasText: "Helix" }).first().click();
  await page.getByRole("button", { name: "Add a product" }).click();
  await page.locator("[name=product_id] input").fill("glove");
  await page.locator(".o-autocomplete--dropdown-item", { hasText: /glove/i }).first().click();
  await page.getByRole("button", { name: "Confirm Order" }).first().click();

  await expect(page.locator("[name=integration_state]")).toContainText("Delivered");
  const id = Number(new URL(page.url()).pathname.split("/").at(-1));
  const received = await acceptedEvents("switchable", `purchase.order/${id}`);
  expect(received.map((item) => [item.event.type, item.verified])).toEqual([
    ["odoo.purchase.order.confirmed.v1", true],
  ]);
  await screenshot(page, "purchase_order_delivered");
  await buyer.close();
});
