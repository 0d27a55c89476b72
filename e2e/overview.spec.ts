import { expect, test } from "@playwright/test";
import { OdooUser } from "./odoo_user.ts";
import { screenshot } from "./screenshot.ts";
import { startService, stopService } from "./service_control.ts";

test("the overview tells an administrator that everything flows, and says so when the sidecar is gone", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  await page.goto("/odoo/integrations");
  await expect(page.locator(".o_integration_overview")).toContainText("Sample receiver");
  await expect(page.locator(".o_integration_overview")).toContainText("Everything is flowing");
  await screenshot(page, "overview");

  await stopService("sidecar");
  try {
    await expect(page.locator(".o_integration_overview")).toContainText("has not been seen since", {
      timeout: 90_000,
    });
    await screenshot(page, "overview_without_sidecar");
  } finally {
    await startService("sidecar");
  }
  await expect(page.locator(".o_integration_overview")).toContainText("Everything is flowing", {
    timeout: 60_000,
  });
  await admin.close();
});

test("the overview and the exceptions list are usable on a phone", async ({ browser }) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/odoo/integrations");
  await expect(page.locator(".o_integration_overview")).toContainText("Sample receiver");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await screenshot(page, "overview_phone");
  await page.goto("/odoo/integration-exceptions");
  await expect(page.locator(".o_content")).toBeVisible();
  await screenshot(page, "exceptions_phone");
  await admin.close();
});
