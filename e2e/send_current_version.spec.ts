import { expect, type Page, test } from "@playwright/test";
import { invoiceAction, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { acceptedEvents, setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const refusal = "Customer reference missing";
const phone = { width: 390, height: 844 };
const desk = { width: 1280, height: 720 };

test.afterEach(() => setSwitch(true));

test("an accountant corrects a refused invoice and sends its current version; the timeline tells it all", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = accountant;
  await setSwitch(false, refusal);
  const id = await postInvoice(accountant, "");
  await accountant.openForm(invoiceAction, id);
  const banner = page.locator(".o_integration_banner");
  await expect(banner).toContainText(`It said: “${refusal}”`);
  await expect(banner).toContainText("What to do:");
  await screenshot(page, "banner_invoice_refused");
  await page.setViewportSize(phone);
  await screenshot(page, "banner_invoice_refused_phone");
  await page.setViewportSize(desk);

  await setSwitch(true);
  await page.getByRole("tab", { name: "Other Info" }).click();
  await page.locator(".o_field_widget[name=ref] input").first().fill("PO-4711");
  await page.locator("button[name=action_send_current]").click();
  await expect(page.locator("[name=integration_state]")).toContainText("Delivered");
  await expect(banner).toHaveCount(0);
  const [accepted] = await acceptedEvents("switchable", `account.move/${id}`);
  expect(accepted?.event.data).toMatchObject({ ref: "PO-4711" });

  await page.locator("button[name=action_view_integration_timeline]").click();
  await expectTold(page, [
    "Customer invoice posted, by",
    "refused the data.",
    "had the present version sent",
    "Sample receiver (switchable) accepted it",
  ]);
  await screenshot(page, "document_timeline");
  await page.setViewportSize(phone);
  await screenshot(page, "document_timeline_phone");
  await accountant.close();
});

/** Waits until the timeline holds these texts, in this order. */
async function expectTold(page: Page, texts: readonly string[]): Promise<void> {
  await expect
    .poll(async () => {
      const told = await page.locator(".o_integration_timeline_entry").allTextContents();
      const places = texts.map((text) => told.findIndex((entry) => entry.includes(text)));
      return places.every((place, index) => place > (places[index - 1] ?? -1));
    })
    .toBe(true);
}
