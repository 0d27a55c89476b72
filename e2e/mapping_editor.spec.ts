import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { OdooUser } from "./odoo_user.ts";
import { acceptedEvents } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";
import { readState } from "./stack_state.ts";

const endpointName = `Lab results ${randomUUID().slice(0, 4)}`;

test("an administrator reshapes what a receiver gets, sees a mistake while typing, and it arrives like that", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  const url = `${readState().receiver_url}/hooks/steady`;
  const [endpointId] = await admin.call<number[]>("integration.endpoint", "create", [
    [{ name: endpointName, url, allowed_addresses: new URL(url).hostname }],
  ]);
  await admin.call("integration.endpoint", "action_activate", [[endpointId]]);

  await page.goto("/odoo/integration-subscriptions/new");
  await page.locator("[name=endpoint_id] input").fill(endpointName);
  await page.locator(".o-autocomplete--dropdown-item", { hasText: endpointName }).first().click();
  await page.locator("[name=event_type_id] input").fill("Contact");
  await page.locator(".o-autocomplete--dropdown-item", { hasText: "Contact created" }).first().click();
  await expect(page.locator(".o_integration_filter_count")).toContainText(
    /There were [\d,]+ in the last 90 days/,
  );
  const editor = page.locator(".o_integration_mapping textarea");
  const outcome = page.locator(".o_integration_mapping_outcome");
  await expect(outcome).toContainText("Without a mapping");

  await editor.fill('{\n  "label": ');
  await editor.press("End");
  await page.locator(".o_integration_mapping_path", { hasText: "data.name" }).first().click();
  await editor.pressSequentially(" ~");
  await expect(outcome).toContainText("Line 2, column");
  await expect(page.locator(".o_integration_mapping_backdrop mark")).toHaveText("~");
  await screenshot(page, "mapping_editor_mistake");
  await page.setViewportSize({ width: 390, height: 844 });
  await outcome.scrollIntoViewIfNeeded();
  await screenshot(page, "mapping_editor_mistake_narrow");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.locator(".o_form_button_save").click();
  await expect(page.locator(".o_notification")).toBeVisible();
  await expect(page).toHaveURL(/subscriptions\/new/);
  await page.locator(".o_notification_close").click();

  await editor.fill('{\n  "label": data.name,\n  "kind": type\n}');
  await expect(outcome).toContainText("Works for this sample");
  await expect(page.locator(".o_integration_mapping_result")).toContainText(
    '"kind": "odoo.res.partner.changed.v1"',
  );
  await page.locator(".o_form_button_save").click();
  await expect(page.locator(".o_form_status_indicator_buttons")).toHaveClass(/invisible/);
  await screenshot(page, "mapping_editor");

  const staff = await OdooUser.logIn(browser, "admin");
  const [contactId] = await staff.call<number[]>("res.partner", "create", [[{ name: "Müller & Söhne" }]]);
  const mapped = { label: "Müller & Söhne", kind: "odoo.res.partner.changed.v1" };
  await expect
    .poll(async () =>
      (await acceptedEvents("steady", `res.partner/${contactId}`)).map(({ event }) => event.data),
    )
    .toContainEqual(mapped);
  // An endpoint is archived only when nothing waits for it, and Odoo learns of the answer after the receiver.
  await expect
    .poll(() =>
      admin.call<number>("integration.delivery", "search_count", [
        [
          ["endpoint_id", "=", endpointId],
          ["state", "in", ["pending", "queued"]],
        ],
      ]),
    )
    .toBe(0);
  await admin.call("integration.endpoint", "write", [[endpointId], { active: false }]);
  await staff.close();
  await admin.close();
});
