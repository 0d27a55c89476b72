import { randomUUID } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from "amqplib";
import { postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { screenshot } from "./screenshot.ts";
import { readState } from "./stack_state.ts";

const exchange = `meridian.${randomUUID()}`;
const endpointName = `Broker of Meridian ${exchange.slice(-4)}`;
const messages: ConsumeMessage[] = [];
let connection: ChannelModel;
let channel: Channel;
let queue: string;

/** The receiver's own exchange and queue, on the stack's RabbitMQ. */
test.beforeAll(async () => {
  connection = await connect(readState().amqp_url);
  channel = await connection.createChannel();
  await channel.assertExchange(exchange, "topic", { autoDelete: true });
  ({ queue } = await channel.assertQueue("", { exclusive: true }));
  await channel.bindQueue(queue, exchange, "odoo.account.#");
  // Keeps the exchange when the other binding is taken away.
  await channel.bindQueue(queue, exchange, "nothing.else");
  await channel.consume(queue, (message) => message && messages.push(message), { noAck: true });
});

test.afterAll(async () => connection.close());

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.locator(`[name=${field}] input`).first().click();
  await page.locator(".o_select_menu_item, .o-dropdown-item", { hasText: option }).first().click();
}

test("an administrator sets up a broker in the form, and an invoice arrives in its queue", async ({
  browser,
}) => {
  // One long story: set up, refused, corrected, activated, delivered, failed, retried.
  test.slow();
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const accountant = await OdooUser.logIn(browser, "accountant");
  const { page } = admin;
  const { hostname, port, username, password } = new URL(readState().amqp_url);

  await page.goto("/odoo/integration-endpoints/new");
  await page.locator("[name=name] input").first().fill(endpointName);
  await expect(page.locator("[name=amqp_exchange]")).toHaveCount(0);
  await choose(page, "kind", "AMQP broker");
  await expect(page.locator("[name=amqp_exchange] input")).toBeVisible();
  await page.locator("[name=url] input").fill(`amqp://${hostname}:${port}/`);
  await page.locator("[name=amqp_exchange] input").fill(exchange);
  await page.getByRole("tab", { name: "Security" }).click();
  await expect(page.locator("[name=auth_kind] input")).toHaveValue("User name and password");
  await page.locator("[name=auth_username] input").fill(username);
  await page.locator("[name=auth_secret_input] input").fill(password);
  await page.locator(".o_form_button_save").click();
  await expect(page.locator(".o_notification, .modal")).toContainText("IM_AMQP_ADDRESS_INVALID");
  await screenshot(page, "broker_endpoint_refused");
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: "Network" }).click();
  await page.locator("[name=allowed_addresses] textarea").fill(hostname);
  await page.locator(".o_form_button_save").click();
  await expect(page.locator(".o_form_status_indicator_buttons")).toHaveClass(/invisible/);
  await screenshot(page, "broker_endpoint_security");

  const id = await admin.idOf("integration.endpoint", endpointName);
  const eventTypeId = await admin.idOf("integration.event.type", "Customer invoice posted");
  await admin.call("integration.subscription", "create", [[{ endpoint_id: id, event_type_id: eventTypeId }]]);
  await page.reload();
  await page.getByRole("button", { name: "Activate" }).click();
  await expect(page.locator("[name=state] .o_arrow_button_current")).toContainText("Active");
  await screenshot(page, "broker_endpoint_form");
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "broker_endpoint_form_390");
  await page.setViewportSize({ width: 1280, height: 900 });

  const invoiceId = await postInvoice(accountant, "over a broker");
  await expect.poll(() => messages.length).toBe(1);
  const [message] = messages;
  expect(message?.fields.routingKey).toBe("odoo.account.invoice.posted.v1");
  expect(message?.properties.contentType).toBe("application/cloudevents+json; charset=utf-8");
  expect(JSON.parse(String(message?.content))).toMatchObject({
    id: message?.properties.messageId,
    subject: `account.move/${invoiceId}`,
    data: { amount_total: { currency: "USD" } },
  });
  expect(message?.properties.headers).toHaveProperty("webhook-signature");

  const readDelivery = async (resId: number) => {
    const domain = [
      ["endpoint_id", "=", id],
      ["res_id", "=", resId],
    ];
    const [row] = await admin.call<{ id: number; state: string }[]>("integration.delivery", "search_read", [
      domain,
      ["state"],
    ]);
    return row;
  };
  await expect.poll(async () => (await readDelivery(invoiceId))?.state).toBe("delivered");

  // Nobody takes invoices any more: the delivery fails with the broker's words.
  await channel.unbindQueue(queue, exchange, "odoo.account.#");
  const refusedId = await postInvoice(accountant, "to a queue that is gone");
  await expect.poll(async () => (await readDelivery(refusedId))?.state).toBe("failed");
  await page.goto(
    `/odoo/action-integration_monitor.integration_delivery_action/${(await readDelivery(refusedId))?.id}`,
  );
  await expect(page.locator(".o_form_view")).toContainText("No queue at the broker takes this routing key");
  await expect(page.locator("[name=attempt_ids]")).toContainText("AMQP 312 NO_ROUTE");
  await screenshot(page, "broker_delivery_failed");
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "broker_delivery_failed_390");

  // The receiver binds its queue again, a person retries.
  await channel.bindQueue(queue, exchange, "odoo.account.#");
  await admin.call("integration.delivery", "action_retry", [[(await readDelivery(refusedId))?.id]]);
  await expect.poll(async () => (await readDelivery(refusedId))?.state).toBe("delivered");
  expect(messages).toHaveLength(2);
  await admin.call("integration.endpoint", "write", [[id], { active: false }]);
  await accountant.close();
  await admin.close();
});
