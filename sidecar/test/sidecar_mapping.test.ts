/** From the subscription in Odoo to the receivers: what is mapped, what fails, and what a corrected mapping sends. */
import { beforeEach, expect, test, vi } from "vitest";
import { cleanUpAfterEach, start } from "./doubles/sender_stage.ts";
import { admin, arrange, startFleet, useFleet } from "./support/fleet.ts";
import type { ArrangedEndpoint } from "./support/odoo_admin.ts";
import { startReceiverBroker } from "./support/receiver_broker.ts";
import { shareDeadline as deadline } from "./support/sidecar_process.ts";

vi.setConfig({ testTimeout: 120_000 });
cleanUpAfterEach();
useFleet();

async function setMapping(endpoint: ArrangedEndpoint, mapping: string): Promise<void> {
  const rows = await admin.searchRead(
    "integration.subscription",
    [["endpoint_id", "=", endpoint.id]],
    ["id"],
  );
  await admin.call("integration.subscription", "write", [rows.map(({ id }) => id), { mapping }]);
}

async function readDelivery(endpoint: ArrangedEndpoint) {
  const [row] = await admin.searchRead(
    "integration.delivery",
    [["endpoint_id", "=", endpoint.id]],
    ["state", "attempt_count", "failure_class", "last_error"],
  );
  return row;
}

async function whenState(endpoint: ArrangedEndpoint, state: string): Promise<void> {
  await vi.waitUntil(async () => (await readDelivery(endpoint))?.state === state, deadline);
}

beforeEach(async () => {
  await startFleet(1);
});

test("an event is mapped for HTTP and for a broker, whose routing key still knows the company", async () => {
  const receiver = await start((response) => response.end());
  const broker = await startReceiverBroker();
  const byHttp = await arrange({ url: receiver.url });
  const byBroker = await arrange({
    kind: "amqp",
    url: broker.url,
    amqp_exchange: broker.exchange,
    amqp_routing_key: "contacts.{company_id}",
    auth_kind: "basic",
    auth_username: broker.auth.username,
    auth_secret_input: broker.auth.secret,
  });
  const mapping = '{"contact": {"number": data.id, "label": data.name}, "source": "odoo"}';
  for (const endpoint of [byHttp, byBroker]) await setMapping(endpoint, mapping);
  const [company] = await admin.searchRead("res.company", [], ["id"]);
  const created = await admin.call("res.partner", "create", [
    { name: "Müller & Söhne €", company_id: company?.id },
  ]);
  const id = Number([created].flat()[0]);
  await whenState(byHttp, "delivered");
  await whenState(byBroker, "delivered");
  const [request] = receiver.requests;
  expect(JSON.parse(request?.body ?? "")).toMatchObject({
    subject: `res.partner/${id}`,
    data: { contact: { number: id, label: "Müller & Söhne €" }, source: "odoo" },
  });
  expect(JSON.parse(request?.body ?? "").data).not.toHaveProperty("company");
  expect(broker.messages[0]?.content.toString()).toBe(request?.body);
  expect(broker.messages[0]?.fields.routingKey).toBe(`contacts.${company?.id}`);
});

test("a wrong mapping is told with its place, and once it is corrected a retry delivers", async () => {
  const receiver = await start((response) => response.end());
  const endpoint = await arrange({ url: receiver.url });
  await setMapping(endpoint, '{\n  "label": data.name + 1\n}');
  await endpoint.createContacts(["Mercy Hospital"]);
  await whenState(endpoint, "failed");
  const failed = await readDelivery(endpoint);
  expect(failed).toMatchObject({ failure_class: "mapping", attempt_count: 1 });
  expect(failed?.last_error).toContain("line 2, column 22: ");
  expect(receiver.requests).toEqual([]);

  await setMapping(endpoint, '{"label": data.name}');
  await admin.call("integration.delivery", "action_retry", [[failed?.id]]);
  await whenState(endpoint, "delivered");
  expect(JSON.parse(receiver.requests[0]?.body ?? "").data).toEqual({ label: "Mercy Hospital" });
});

test("an endpoint whose mapping never ends keeps no other endpoint waiting", async () => {
  const receiver = await start((response) => response.end());
  const endless = await arrange({ url: receiver.url });
  const other = await arrange({ url: receiver.url });
  await setMapping(endless, `$match("${"a".repeat(40)}!", /^(a+)+$/)`);
  await setMapping(other, '{"label": data.name}');
  await endless.createContacts(["A", "B", "C", "D", "E", "F"]);
  const areDelivered = async () => {
    const states = await admin.searchRead(
      "integration.delivery",
      [["endpoint_id", "=", other.id]],
      ["state"],
    );
    return states.length === 6 && states.every(({ state }) => state === "delivered");
  };
  await vi.waitUntil(areDelivered, deadline);
  await whenState(endless, "failed");
});
