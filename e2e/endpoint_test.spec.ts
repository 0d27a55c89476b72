import { expect, type Page, test } from "@playwright/test";
import { OdooUser } from "./odoo_user.ts";
import { receivedEvents, setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";
import { readState } from "./stack_state.ts";

/** A draft endpoint that leads to the sample receiver's switchable hook. */
async function createDraft(admin: OdooUser): Promise<number> {
  const url = `${readState().receiver_url}/hooks/switchable`;
  const eventTypeId = await admin.idOf("integration.event.type", "Contact created or changed");
  const [id] = await admin.call<number[]>("integration.endpoint", "create", [
    [
      {
        name: "Lab portal",
        url,
        allowed_addresses: new URL(url).hostname,
        subscription_ids: [[0, 0, { event_type_id: eventTypeId }]],
      },
    ],
  ]);
  if (id === undefined) throw new Error("Odoo created no endpoint");
  return id;
}

async function sendTest(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await expect(page.locator(".modal [name=body_preview]")).toContainText('"test": true');
  await page.locator(".modal").getByRole("button", { name: "Send test" }).click();
}

// Others rely on it.
test.afterEach(() => setSwitch(true));

test("an administrator tests a draft: sees answer, request and code, then a refusal with advice", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  const id = await createDraft(admin);
  await page.goto(`/odoo/integration-endpoints/${id}`);
  await expect(page.locator(".o_form_view")).toContainText("only tests are sent");
  const modal = page.locator(".modal");
  await sendTest(page, "Test…");
  await expect(modal.locator(".alert-success")).toContainText("Lab portal took the test.");
  await expect(modal).toContainText("HTTP 200");
  await expect(modal.locator("[name=duration_ms]")).toHaveText(/\d/);
  await screenshot(page, "endpoint_test_answer");

  await modal.getByRole("tab", { name: "Request" }).click();
  await expect(modal.locator("[name=request_head]")).toContainText("webhook-signature: v1,");
  const head = (await modal.locator("[name=request_head]").textContent()) ?? "";
  const webhookId = /webhook-id: (\S+)/.exec(head)?.[1];
  const received = (await receivedEvents("switchable")).find((item) => item.webhook_id === webhookId);
  expect(received?.event).toMatchObject({ test: true, type: "odoo.res.partner.changed.v1" });
  await screenshot(page, "endpoint_test_request");

  await modal.getByRole("tab", { name: "Check the signature" }).click();
  await expect(modal.locator("pre, .o_integration_code").last()).toContainText("timingSafeEqual");
  await screenshot(page, "endpoint_test_snippet");
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "endpoint_test_snippet_390");
  await page.setViewportSize({ width: 1280, height: 900 });

  await setSwitch(false, "Contacts are not wanted here");
  await sendTest(page, "Test again");
  await expect(modal.locator(".alert-danger")).toContainText("Contacts are not wanted here");
  await expect(modal.locator("[name=advice]")).toContainText("press “Test again”");
  await screenshot(page, "endpoint_test_refused");
  await modal.getByRole("button", { name: "Close" }).first().click();

  // The form follows by itself, and nothing counts the tests.
  await page.getByRole("tab", { name: "Recent attempts" }).click();
  await expect(page.locator("[name=recent_attempt_ids] .o_data_row")).toHaveCount(2);
  await screenshot(page, "endpoint_recent_attempts");
  const [endpoint] = await admin.call<{ state: string; failed_count: number }[]>(
    "integration.endpoint",
    "read",
    [[id], ["state", "failed_count"]],
  );
  expect(endpoint).toMatchObject({ state: "draft", failed_count: 0 });
  await admin.call("integration.endpoint", "action_archive", [[id]]);
  await admin.close();
});
