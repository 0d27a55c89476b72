import { expect, type Locator, type Page, test } from "@playwright/test";
import { expectDeliveries, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { acceptedEvents, receivedEvents, setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

/** More than are done while one waits. */
const contactCount = 220;

test.beforeEach(() => setSwitch(true));
test.afterEach(() => setSwitch(true));

test("after an outage an operator retries all that a filter finds, sees the count first and then the progress", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  await setSwitch(false, "We are closed");
  const partnerIds = await createContacts(await OdooUser.logIn(browser, "admin"), contactCount);
  await expectFailed(admin, partnerIds, contactCount);

  await page.goto("/odoo/integration-exceptions");
  await page.locator(".o_searchview_input").fill("Bulk story");
  await page.keyboard.press("Enter");
  await expect(page.locator(".o_data_row").first()).toContainText("Bulk story");
  const everything = page.locator(".o_select_domain, .o_list_select_domain").first();
  // The list may still be drawn anew with what was found, and forgets the tick then.
  await expect(async () => {
    await page.locator("thead .o_list_record_selector input").check({ timeout: 2000 });
    await expect(everything).toBeVisible({ timeout: 2000 });
  }).toPass();
  await everything.click();
  const asked = page.waitForRequest((request) => request.url().endsWith("action_bulk_retry"));
  await page.locator("button[name=action_bulk_retry]").click();
  // Ids would be cut off at Odoo's limit.
  expect((await asked).postData()).toContain('"integration_select_all":true');
  const dialog = page.locator(".modal");
  await expect(dialog.locator("[name=total_count]")).toHaveText(String(contactCount));
  await expect(dialog).toContainText("Sample receiver (switchable)");
  await screenshot(page, "bulk_preview");
  expect(await countIn(admin, partnerIds, "failed"), "the preview changes nothing").toBe(contactCount);

  await setSwitch(true);
  await dialog.getByRole("button", { name: "Retry", exact: true }).click();
  await expect(page.locator(".o_form_view")).toContainText(`Retry · ${contactCount}`);
  await expect(page.locator(".o_statusbar_status .o_arrow_button_current")).toHaveText("Done", {
    timeout: 60_000,
  });
  await expect(page.locator("[name=done_count]")).toHaveText(String(contactCount));
  await screenshot(page, "bulk_done");
  await expect
    .poll(() => countIn(admin, partnerIds, "delivered"), { timeout: 60_000 })
    .toBe(2 * contactCount);

  await page.goto("/odoo/integration-bulk-operations");
  await expect(page.locator(".o_data_row").first()).toContainText("Done");
  await screenshot(page, "bulk_operations");
  await admin.close();
});

test("an operator replays what the endpoint took, and the receiver gets the same ids again", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const startedAt = new Date();
  const invoiceId = await postInvoice(accountant, "to be replayed");
  await expectDeliveries(accountant, "account.move", invoiceId, "delivered");
  const subject = `account.move/${invoiceId}`;
  const before = await acceptedEvents("steady", subject);
  expect(before).toHaveLength(1);

  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  const endpointId = await admin.idOf("integration.endpoint", "Sample receiver");
  await admin.openForm("integration_monitor.integration_endpoint_action", endpointId);
  await page.getByRole("button", { name: "Replay…" }).click();
  const dialog = page.locator(".modal");
  await expect(dialog).toContainText("Sends again what this endpoint took");
  await fillMoment(dialog, "range_start", startedAt);
  await fillMoment(dialog, "range_end", new Date(Date.now() + 60_000));
  await screenshot(page, "replay_range");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog).toContainText("The same events are sent again with the same ids");
  await screenshot(page, "replay_preview");
  await dialog.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.locator(".o_notification")).toContainText("Done");

  const copies = async () =>
    (await receivedEvents("steady")).filter((item) => item.event.subject === subject);
  await expect.poll(async () => (await copies()).length).toBe(2);
  const [first, again] = await copies();
  expect(again?.webhook_id).toBe(first?.webhook_id);
  expect(again?.event).toEqual(first?.event);
  expect(again?.verified).toBe(true);
  await expectDeliveries(accountant, "account.move", invoiceId, "delivered");
  await Promise.all([accountant.close(), admin.close()]);
});

test("preview and progress are usable on a phone", async ({ browser }) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/odoo/integration-bulk-operations");
  await page.locator(".o_kanban_record:not(.o_kanban_ghost)").first().click();
  await expect(page.locator(".o_form_view")).toContainText("As counted before it began");
  await expectNoOverflow(page);
  await screenshot(page, "bulk_operation_phone");
  const endpointId = await admin.idOf("integration.endpoint", "Sample receiver");
  await admin.openForm("integration_monitor.integration_endpoint_action", endpointId);
  await expectNoOverflow(page);
  await admin.close();
});

async function createContacts(user: OdooUser, count: number): Promise<number[]> {
  const rows = Array.from({ length: count }, (_, index) => ({ name: `Bulk story ${index}` }));
  const ids = await user.call<number[]>("res.partner", "create", [rows]);
  await user.close();
  return ids;
}

function countIn(user: OdooUser, partnerIds: readonly number[], state: string): Promise<number> {
  const domain = [
    ["res_model", "=", "res.partner"],
    ["res_id", "in", partnerIds],
    ["state", "=", state],
  ];
  return user.call<number>("integration.delivery", "search_count", [domain]);
}

async function expectFailed(user: OdooUser, partnerIds: readonly number[], count: number): Promise<void> {
  await expect.poll(() => countIn(user, partnerIds, "failed"), { timeout: 90_000 }).toBe(count);
}

/** Types a moment as the date field of an English user in this browser's time zone reads it. */
async function fillMoment(dialog: Locator, field: string, moment: Date): Promise<void> {
  const pad = (value: number) => String(value).padStart(2, "0");
  const date = `${pad(moment.getMonth() + 1)}/${pad(moment.getDate())}/${moment.getFullYear()}`;
  // The field is a button until one wants to change it.
  await dialog.locator(`button[data-field=${field}]`).click();
  const input = dialog.locator(`input[data-field=${field}]`);
  await input.fill(
    `${date} ${pad(moment.getHours())}:${pad(moment.getMinutes())}:${pad(moment.getSeconds())}`,
  );
  await input.press("Enter");
  // The tooltip of this field would cover the next one.
  await dialog.page().mouse.move(0, 0);
}

async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}
