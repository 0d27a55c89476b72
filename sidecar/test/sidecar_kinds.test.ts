/** One event, one status model: over HTTP and to a broker come the same content and the same states. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { cleanUpAfterEach, cleanUpLater, start } from "./doubles/sender_stage.ts";
import { requireVariable } from "./support/environment.ts";
import { type ArrangedEndpoint, arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";
import { startReceiverBroker } from "./support/receiver_broker.ts";
import { shareDeadline as deadline } from "./support/sidecar_process.ts";

vi.setConfig({ testTimeout: 120_000 });
cleanUpAfterEach();
const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

function startSidecar(): ChildProcess {
  const child = spawn(process.execPath, [entry], {
    env: {
      PATH: process.env.PATH ?? "",
      ODOO_URL: requireVariable("IM_TEST_ODOO_URL"),
      ODOO_DATABASE: requireVariable("IM_TEST_ODOO_DATABASE"),
      ODOO_LOGIN: requireVariable("IM_TEST_ODOO_LOGIN"),
      ODOO_API_KEY: requireVariable("IM_TEST_ODOO_API_KEY"),
      AMQP_URL: requireVariable("IM_TEST_AMQP_URL"),
      HTTP_PORT: "0",
    },
    stdio: "ignore",
  });
  const exited = once(child, "exit");
  cleanUpLater(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  return child;
}

async function arrange(admin: OdooAdmin, shown: Readonly<Record<string, unknown>>) {
  const endpoint = await arrangeEndpoint(admin, shown);
  cleanUpLater(() => endpoint.remove());
  return endpoint;
}

async function readStates(admin: OdooAdmin, endpoint: ArrangedEndpoint): Promise<readonly string[]> {
  const rows = await admin.searchRead(
    "integration.delivery",
    [["endpoint_id", "=", endpoint.id]],
    ["state", "attempt_count", "last_status_code"],
  );
  return rows.map((row) => `${row.state} ${row.attempt_count} ${row.last_status_code}`);
}

test("an event is delivered over HTTP and to a broker with the same bytes and the same states", async () => {
  const admin = await OdooAdmin.logIn();
  const broker = await startReceiverBroker();
  let status = 200;
  const receiver = await start((response) => response.writeHead(status).end());
  const byHttp = await arrange(admin, { url: receiver.url });
  const byBroker = await arrange(admin, {
    kind: "amqp",
    url: broker.url,
    amqp_exchange: broker.exchange,
    amqp_routing_key: "contacts.{company_id}.{record_model}",
    auth_kind: "basic",
    auth_username: broker.auth.username,
    auth_secret_input: broker.auth.secret,
  });
  const bothAre = async (state: string) => {
    const states = [...(await readStates(admin, byHttp)), ...(await readStates(admin, byBroker))];
    return states.filter((text) => text === state).length === 2;
  };
  startSidecar();

  const [contact] = await byHttp.createContacts(["Müller & Söhne €"]);
  await vi.waitUntil(() => bothAre("delivered 1 200"), deadline);
  const [message] = broker.messages;
  const [request] = receiver.requests;
  expect(message?.content.toString()).toBe(request?.body);
  expect(message?.fields.routingKey).toMatch(/^contacts\.\d+\.res\.partner$/);
  expect(message?.properties.messageId).toBe(request?.headers["webhook-id"]);
  expect(JSON.parse(request?.body ?? "")).toMatchObject({
    subject: `res.partner/${contact}`,
    data: { name: "Müller & Söhne €" },
  });

  // Both receivers have nothing at this place any more: 404 in the words of each protocol.
  status = 404;
  await broker.channel.deleteExchange(broker.exchange);
  const settled = async () => {
    const [, http] = await readStates(admin, byHttp);
    const [, amqp] = await readStates(admin, byBroker);
    return http === "failed 1 404" && amqp === "failed 1 404";
  };
  await byHttp.createContacts(["Nobody"]);
  await vi.waitUntil(settled, deadline);
  const classes = await admin.searchRead(
    "integration.delivery",
    [
      ["endpoint_id", "in", [byHttp.id, byBroker.id]],
      ["state", "=", "failed"],
    ],
    ["failure_class"],
  );
  expect(classes.map((row) => row.failure_class)).toEqual(["endpoint_missing", "endpoint_missing"]);
});
