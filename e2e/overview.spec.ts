import { expect, type Page, test } from "@playwright/test";
import { expectDeliveries, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";
import { startService, stopService } from "./service_control.ts";

const wide = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

test.afterEach(() => setSwitch(true));

test("a dead sidecar is noticed on the overview, which explains what to do", async ({ browser }) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  const header = page.locator(".o_integration_overview_header");
  await page.goto("/odoo/integrations");
  await expect(page.locator(".o_integration_overview")).toContainText("Sample receiver");
  await expect(header).toContainText("Everything is flowing");
  await expect(page.locator(".o_integration_broker")).toHaveText("Broker connected");
  await screenshot(page, "overview_flowing");

  await stopService("sidecar");
  try {
    await expect(header).toContainText("has not been seen since", { timeout: 90_000 });
    await expect(header).toContainText("check that the sidecar is running");
    await expect(header).toContainText("Nothing is lost");
    await screenshot(page, "overview_without_sidecar");
    await page.setViewportSize(phone);
    await page.reload();
    await expect(header).toContainText("has not been seen since");
    await expectNoOverflow(page);
    await screenshot(page, "overview_without_sidecar_phone");
    await page.setViewportSize(wide);
  } finally {
    await startService("sidecar");
  }
  await expect(header).toContainText("Everything is flowing", { timeout: 60_000 });
  await admin.close();
});

test("a refused invoice is held up with its amount, and each number is the length of its list", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  const header = page.locator(".o_integration_overview_header");
  await page.goto("/odoo/integrations");
  await expect(header).toContainText("Everything is flowing");
  await setSwitch(false, "VAT id missing on the payer");
  const invoice = await postInvoice(accountant, "held up");
  // Nobody reloads the page.
  await expect(header).toContainText(/1 document \(.*241\.00.*\) has been waiting for .* since/);
  await expect(page.locator("[data-process=finance]")).toContainText("Held up");
  await screenshot(page, "overview");

  for (const number of ["[data-card=needs_attention]", "[data-process=finance] .o_integration_failed"]) {
    const count = ((await page.locator(number).textContent()) ?? "").match(/\d+/)?.[0];
    await page.locator(number).click();
    await expectListed(page, Number(count));
    await page.goBack();
    await expect(header).toBeVisible();
  }
  // By keyboard: the numbers of a chart are in its table, too.
  await page.locator("[data-chart=failures] summary").press("Enter");
  const refused = page.locator("[data-chart=failures] tbody tr").first().locator("button").first();
  const refusedCount = Number(await refused.textContent());
  await refused.press("Enter");
  await expectListed(page, refusedCount);
  await page.goBack();

  const [csv] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".o_integration_overview_csv").click(),
  ]);
  expect(csv.suggestedFilename()).toMatch(/^overview-24h-.*\.csv$/);

  await setSwitch(true);
  await accountant.call("account.move", "action_integration_retry", [[invoice]]);
  await expectDeliveries(accountant, "account.move", invoice, "delivered");
  await expect(header).toContainText("Everything is flowing");
  await accountant.close();
  await admin.close();
});

test("the overview and the exceptions list are usable on a phone", async ({ browser }) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  await page.setViewportSize(phone);
  await page.goto("/odoo/integrations");
  await expect(page.locator(".o_integration_overview")).toContainText("Sample receiver");
  await expectNoOverflow(page);
  await screenshot(page, "overview_phone");
  await page.goto("/odoo/integration-exceptions");
  await expect(page.locator(".o_content")).toBeVisible();
  await screenshot(page, "exceptions_phone");
  await admin.close();
});

async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}

/** A list shows a page of what it holds, and the number of all beside it. */
async function expectListed(page: Page, count: number): Promise<void> {
  await expect(page.locator(".o_data_row").first()).toBeVisible();
  await expect(page.locator(".o_pager_limit")).toHaveText(String(count));
}
