/** Urgent work and a backfill to the same endpoint, on the real Odoo and the real broker. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";
import {
  shareDeadline as deadline,
  readSidecarEnvironment,
  startSidecar,
} from "./support/sidecar_process.ts";

const window = 5;
const backfillCount = 20;

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Lets requests wait until it is opened. */
async function startGatedReceiver() {
  const webhookIds: string[] = [];
  const gate = Promise.withResolvers<void>();
  const server = http.createServer((request, response) => {
    webhookIds.push(String(request.headers["webhook-id"]));
    request.resume();
    void gate.promise.then(() => response.writeHead(200).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  return { webhookIds, open: gate.resolve, url: `http://127.0.0.1:${port}/hooks` };
}

test("an urgent delivery overtakes a backfill that has taken all the room it may", async () => {
  const admin = await OdooAdmin.logIn();
  const receiver = await startGatedReceiver();
  const endpoint = await arrangeEndpoint(admin, { url: receiver.url, window, concurrency: 1 });
  closings.push(() => endpoint.remove());
  const useLane = async (lane: "urgent" | "batch") => {
    const subscriptions = await admin.searchRead(
      "integration.subscription",
      [["endpoint_id", "=", endpoint.id]],
      ["id"],
    );
    await admin.call("integration.subscription", "write", [
      subscriptions.map(({ id }) => id),
      { latency_class: lane },
    ]);
  };
  const countQueued = async (lane: "urgent" | "batch") => {
    const domain = [
      ["endpoint_id", "=", endpoint.id],
      ["lane", "=", lane],
      ["state", "=", "queued"],
    ];
    return (await admin.searchRead("integration.delivery", domain, ["id"])).length;
  };
  const sidecar = startSidecar(readSidecarEnvironment());
  closings.push(async () => {
    sidecar.process.kill("SIGKILL");
    await sidecar.exited;
  });

  await useLane("batch");
  await endpoint.createContacts(Array.from({ length: backfillCount }, (_, index) => `Backfill ${index}`));
  await vi.waitUntil(async () => (await countQueued("batch")) === window - 1, deadline);
  await vi.waitUntil(() => receiver.webhookIds.length === 1, deadline);

  await useLane("urgent");
  await endpoint.createContacts(["Urgent"]);
  await vi.waitUntil(async () => (await countQueued("urgent")) === 1, deadline);
  receiver.open();

  const [urgent] = await admin.searchRead(
    "integration.delivery",
    [
      ["endpoint_id", "=", endpoint.id],
      ["lane", "=", "urgent"],
    ],
    ["event_id"],
  );
  const [event] = await admin.searchRead(
    "integration.event",
    [["delivery_ids", "in", [urgent?.id]]],
    ["event_id"],
  );
  await vi.waitUntil(() => new Set(receiver.webhookIds).size === backfillCount + 1, deadline);
  // One of the backfill was under way already.
  expect(receiver.webhookIds.indexOf(String(event?.event_id))).toBe(1);
}, 120_000);
