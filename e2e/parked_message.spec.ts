import { createHash, randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { connect } from "amqplib";
import { OdooUser } from "./odoo_user.ts";
import { screenshot } from "./screenshot.ts";
import { readState } from "./stack_state.ts";

test("a message that belongs to nothing is shown to an integration administrator, who resolves it with a note", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "admin");
  const [endpoint] = await admin.call<{ environment_uuid: string }[]>("integration.endpoint", "search_read", [
    [["name", "=", "Sample receiver"]],
    ["environment_uuid"],
  ]);
  const scope = endpoint?.environment_uuid.replaceAll("-", "").slice(0, 8);
  const stray = `published by mistake ${randomUUID()}`;
  await publish(`integration.v1.${scope}.reports`, stray);

  const manager = await OdooUser.logIn(browser, "integration_admin");
  const { page } = manager;
  const fingerprint = createHash("sha256").update(stray).digest("hex");
  const parked = async () =>
    (
      await manager.call<number[]>("integration.parked.message", "search", [
        [["fingerprint", "=", fingerprint]],
      ])
    )[0];
  await expect.poll(parked, { timeout: 60_000 }).toBeDefined();
  await page.goto("/odoo/integrations");
  await expect(page.locator(".o_integration_overview_header")).toContainText(
    "1 message belongs to no delivery",
  );
  await page.goto("/odoo/integration-parked-messages");
  await expect(page.locator(".o_data_row")).toHaveCount(1);
  await screenshot(page, "parked_list");
  await page.locator(".o_data_row").first().click();
  await expect(page.locator(".o_form_view")).toContainText(fingerprint);
  // Its words may be about a person.
  await expect(page.locator(".o_form_view")).not.toContainText("published by mistake");
  await screenshot(page, "parked_form");

  await page.getByRole("button", { name: "Resolve…" }).click();
  await page.locator(".modal [name=note] input, .modal [name=note] textarea").fill("A test script; stopped");
  await screenshot(page, "parked_resolve");
  await page.locator(".modal").getByRole("button", { name: "Resolve", exact: true }).click();
  await expect(page.locator(".o_action_manager .o_form_view")).toContainText("A test script; stopped");
  await expect(page.locator(".o_statusbar_status .o_arrow_button_current")).toHaveText("Resolved");
  await page.goto("/odoo/integration-parked-messages");
  await expect(page.locator(".o_view_nocontent")).toContainText("No message is waiting for an explanation");
  await screenshot(page, "parked_empty");
  await Promise.all([admin.close(), manager.close()]);
});

async function publish(queue: string, text: string): Promise<void> {
  const connection = await connect(readState().amqp_url);
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue(queue, Buffer.from(text));
  await channel.waitForConfirms();
  await connection.close();
}
