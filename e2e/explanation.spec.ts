import { expect, test } from "@playwright/test";
import { draftInvoice, expectDeliveries, invoiceAction } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const question = "Why was it sent, or not?";

test.afterEach(() => setSwitch(true));

test("an accountant learns why an invoice was not sent, and after posting that it was", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = accountant;
  const id = await draftInvoice(accountant, "explained");
  await accountant.openForm(invoiceAction, id);
  await ask(accountant);
  const answer = page.locator(".o_integration_explained", { hasText: "Customer invoice posted" }).first();
  await expect(answer).toContainText("Not sent");
  await expect(answer).toContainText("Status: Draft (wanted: is Posted).");
  await answer.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(answer.getByText("It has not happened to this document.")).toBeVisible();
  await screenshot(page, "explanation_not_sent");

  await accountant.call("account.move", "action_post", [[id]]);
  await expectDeliveries(accountant, "account.move", id, "delivered");
  await accountant.openForm(invoiceAction, id);
  await page.locator("button[name=action_integration_explain]").first().click();
  await expect(answer).toContainText("The system took it on");
  await answer.locator("summary").click();
  await expect(answer).toContainText("HTTP 200");
  await screenshot(page, "explanation_sent");
  await accountant.close();
});

async function ask({ page }: OdooUser): Promise<void> {
  await page.locator(".o_cp_action_menus button").first().click();
  await page.getByText(question).click();
  await expect(page.locator(".o_integration_explanation")).toBeVisible();
}
