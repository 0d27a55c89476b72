import { expect, type Page, test } from "@playwright/test";
import { expectDeliveries, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { acceptedEvents, setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const refusal = "Payer number unknown";

test.beforeEach(() => setSwitch(true));
test.afterEach(() => setSwitch(true));

test("an accountant finds a refused invoice in the inbox and has it delivered with one click", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = accountant;
  await setSwitch(false, refusal);
  const id = await postInvoice(accountant, "inbox story");
  await page.goto("/odoo/integration-exceptions");
  const row = page.locator(".o_data_row", { hasText: "inbox story" });
  await expect(row).toContainText(`refused the data. It said: “${refusal}”`);
  await expect(page.locator(".o_group_name").first()).toContainText("Refused by the other system");
  await expect(row).toContainText("241.00");
  await screenshot(page, "inbox");

  await setSwitch(true);
  await row.getByRole("button", { name: "Retry" }).click();
  await expect(row).toHaveCount(0);
  await expectDeliveries(accountant, "account.move", id, "delivered");
  expect(await acceptedEvents("switchable", `account.move/${id}`)).toHaveLength(1);
  await accountant.close();
});

test("a case says what it means and what to do, is put aside with the keyboard, and is ended with a reason", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = accountant;
  await setSwitch(false, refusal);
  const id = await postInvoice(accountant, "case story");
  await page.goto("/odoo/integration-exceptions");
  const row = page.locator(".o_data_row", { hasText: "case story" });
  await expect(row).toBeVisible();
  await row.locator("td[name=record_name]").focus();
  await page.keyboard.press("Enter");
  const alert = page.locator("[name=case]");
  await expect(alert).toContainText("it will not be booked, paid or reported");
  await expect(alert).toContainText("press “Send current version”");
  await expect(alert.locator("pre")).toContainText(refusal);
  await screenshot(page, "case");

  await page.getByRole("button", { name: "Snooze…" }).press("Enter");
  const dialog = page.locator(".modal");
  await expect(dialog).toContainText("Tomorrow morning");
  await screenshot(page, "case_snooze");
  await dialog.getByRole("button", { name: "Snooze", exact: true }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Wake up" })).toBeVisible();
  await expectInInbox(page, "case story", 0);

  const [delivery] = await accountant.call<{ id: number }[]>("integration.delivery", "search_read", [
    [
      ["res_id", "=", id],
      ["state", "=", "failed"],
    ],
    ["id"],
  ]);
  await accountant.openForm("integration_monitor.integration_delivery_action_exceptions", delivery?.id ?? 0);
  await page.getByRole("button", { name: "Don't send…" }).click();
  await dialog.getByLabel("Reason").fill("Entered by hand in the payer's portal");
  await screenshot(page, "case_dont_send");
  await dialog.getByRole("button", { name: "Don't send", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator(".o_form_view")).toContainText("Entered by hand in the payer's portal");
  await expect(page.locator("[name=case]")).toHaveCount(0);
  await accountant.close();
});

async function expectInInbox(page: Page, text: string, count: number): Promise<void> {
  await page.goto("/odoo/integration-exceptions");
  await expect(page.locator(".o_list_view, .o_view_nocontent").first()).toBeVisible();
  await expect(page.locator(".o_data_row", { hasText: text })).toHaveCount(count);
}
