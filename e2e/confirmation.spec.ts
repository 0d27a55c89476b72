import { randomUUID } from "node:crypto";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { deliveriesOf, invoiceAction, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { type OwnReceiver, startOwnReceiver } from "./own_receiver.ts";
import { screenshot } from "./screenshot.ts";
import { readState } from "./stack_state.ts";

const office = "Claims office";
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const reason = "Policy 12 does not cover home visits.";

test("a system that works later confirms an invoice under its own number, rejects another, and both show at once", async ({
  browser,
}) => {
  const receiver = await startOwnReceiver();
  const endpointId = await connectOffice(browser, receiver);
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = accountant;
  try {
    const processedId = await postInvoice(accountant, "CLAIM-2201", 5);
    await accountant.openForm(invoiceAction, processedId);
    await page.locator("button[name=action_view_integration_timeline]").click();
    await expect(entries(page).filter({ hasText: `${office} accepted it` })).toBeVisible();
    await sayOfEvent(receiver, processedId, { status: "processed", reference: "CLM-4711" });
    const confirmed = entries(page).filter({ hasText: `${office} confirmed that it was processed` });
    await expect(confirmed).toContainText("CLM-4711");
    await screenshot(page, "timeline_confirmed");

    const rejectedId = await postInvoice(accountant, "CLAIM-2202", 6);
    await accountant.openForm(invoiceAction, rejectedId);
    await expect(page.locator("[name=integration_state]")).toContainText("Delivered");
    await sayOfEvent(receiver, rejectedId, { status: "rejected", reason });
    const banner = page.locator(".o_integration_banner");
    await expect(banner).toContainText(`${office} did not accept this.`);
    await expect(banner).toContainText(reason);
    await expect(page.locator("[name=integration_state]")).toContainText("Needs attention");
    await screenshot(page, "invoice_rejected_afterwards");
    expect(
      (await deliveriesOf(accountant, "account.move", rejectedId)).filter((row) => row.state === "failed"),
    ).toMatchObject([{ endpoint_name: office }]);
  } finally {
    await archive(browser, endpointId);
    await accountant.close();
    await receiver.close();
  }
});

function entries(page: Page) {
  return page.locator(".o_integration_timeline_entry");
}

async function connectOffice(browser: Browser, receiver: OwnReceiver): Promise<number> {
  const admin = await OdooUser.logIn(browser, "admin");
  const eventTypeId = await admin.idOf("integration.event.type", "Customer invoice posted");
  const [id] = await admin.call<number[]>("integration.endpoint", "create", [
    [
      {
        name: office,
        url: receiver.url,
        allowed_addresses: "127.0.0.1",
        signing_secret_input: secret,
        subscription_ids: [[0, 0, { event_type_id: eventTypeId }]],
      },
    ],
  ]);
  await admin.call("integration.endpoint", "action_activate", [[id]]);
  await admin.close();
  return id ?? 0;
}

/** Says what became of the invoice's event, as the receiver's own library signs; again while it is too early. */
async function sayOfEvent(receiver: OwnReceiver, invoiceId: number, fields: object): Promise<void> {
  const subject = `account.move/${invoiceId}`;
  const eventOf = () =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as { id: string; subject: string })
      .find((event) => event.subject === subject);
  await expect.poll(eventOf).toBeDefined();
  const body = JSON.stringify({ event_id: eventOf()?.id, ...fields });
  await expect.poll(async () => (await confirm(body)).status).toBe(204);
}

function confirm(body: string): Promise<Response> {
  const id = randomUUID();
  const at = new Date();
  return fetch(`${readState().odoo_url}/integration_monitor/confirmations`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign(id, at, body),
    },
    body,
  });
}

/** What it rejected is settled first: an endpoint with open cases is not archived. */
async function archive(browser: Browser, endpointId: number): Promise<void> {
  const admin = await OdooUser.logIn(browser, "admin");
  const open = [
    ["endpoint_id", "=", endpointId],
    ["state", "in", ["pending", "queued", "failed"]],
  ];
  const ids = await admin.call<number[]>("integration.delivery", "search", [open]);
  if (ids.length > 0)
    await admin.call("integration.delivery", "action_cancel", [ids, "The office is closed"]);
  await admin.call("integration.endpoint", "write", [[endpointId], { active: false }]);
  await admin.close();
}
