import { expect, type Page, test } from "@playwright/test";
import { OdooUser } from "./odoo_user.ts";
import { screenshot } from "./screenshot.ts";

const technicalName = "acme.partner.became_invoice_address.v1";

test("the administrator of integrations adds an event on any model without code", async ({ browser }) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  try {
    await page.goto("/odoo/integration-event-types");
    await expect(page.locator(".o_list_view")).toContainText("Sample receiver");
    await screenshot(page, "catalogue");
    await page.getByRole("button", { name: "New" }).click();
    await page.locator("[name=name] input").fill("Contact became an invoice address");
    await page.locator("[name=technical_name] input").fill(technicalName);
    await choose(page, "model_id", "Contact");
    await choose(page, "entered_field_id", "Address Type");
    await choose(page, "entered_value_ids", "Invoice");
    await expect(page.locator("[name=filter_domain]")).toContainText("Invoice");
    await expect(page.locator("[name=filter_pre_domain]")).toContainText("Invoice");
    await screenshot(page, "catalogue_new");

    await page.getByRole("tab", { name: "What it tells" }).click();
    await page.locator(".o_integration_field_picker").click();
    await page.locator(".modal input[type=search]").fill("country");
    await page.locator("[data-path=country_id] button").click();
    await page.locator('[data-path="country_id.code"] input').check();
    await screenshot(page, "catalogue_fields");
    await page.locator(".o_integration_choose_fields").click();
    await expect(page.locator(".modal")).toHaveCount(0);
    await page.getByRole("tab", { name: "Preview" }).click();
    await expect(page.locator(".o_field_widget[name=preview]")).toContainText('"country_id"');
    await screenshot(page, "catalogue_preview");

    await page.goto("/odoo/integration-event-types");
    const row = page.locator(".o_data_row", { hasText: "Contact became an invoice address" });
    await row.getByRole("button", { name: "What it tells" }).click();
    await expect(page.locator(".o_integration_sample_text")).toContainText('"country_id"');
    await page.locator(".modal-footer .btn-primary").click();
  } finally {
    const ids = await admin.call<number[]>("integration.event.type", "search", [
      [["technical_name", "=", technicalName]],
    ]);
    await admin.call("integration.event.type", "unlink", [ids]);
    await admin.close();
  }
});

async function choose(page: Page, field: string, label: string): Promise<void> {
  await page.locator(`[name=${field}] input`).fill(label);
  await page.locator(".o-autocomplete--dropdown-item").getByText(label, { exact: true }).first().click();
}
