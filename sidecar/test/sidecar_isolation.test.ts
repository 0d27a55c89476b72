/** Several sidecars on the real Odoo and broker: what a sick endpoint or a killed sidecar does to everything else. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { brokerNames, scopeOf } from "../src/adapters/rabbitmq/names.ts";
import { type ArrangedEndpoint, arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";
import { withDirectChannel } from "./support/real_broker.ts";
import { readSidecarEnvironment, type SidecarProcess, startSidecar } from "./support/sidecar_process.ts";

/** A lease lasts 60 s in Odoo. */
const leaseDeadline = { timeout: 100_000, interval: 100 };
const deadline = { timeout: 45_000, interval: 50 };

let admin: OdooAdmin;
const closings: (() => unknown)[] = [];
beforeEach(async () => {
  admin = await OdooAdmin.logIn();
});
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

async function startFleet(count: number): Promise<readonly SidecarProcess[]> {
  const fleet = Array.from({ length: count }, (_, index) =>
    startSidecar({ ...readSidecarEnvironment(), WORKER_NAME: `isolation-${index + 1}` }),
  );
  for (const sidecar of fleet) {
    closings.push(async () => {
      sidecar.process.kill("SIGKILL");
      await sidecar.exited;
    });
  }
  await vi.waitUntil(() => fleet.every((sidecar) => sidecar.hasLogged("sidecar.ready")), deadline);
  return fleet;
}

/** Answers at once, or holds every request until `release`. */
async function startReceiver(isHolding = false) {
  const webhookIds: string[] = [];
  const held: http.ServerResponse[] = [];
  let holds = isHolding;
  const server = http.createServer((request, response) => {
    webhookIds.push(String(request.headers["webhook-id"]));
    request.resume().on("end", () => {
      if (holds) held.push(response);
      else response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    webhookIds,
    // A TCP server's address is an object.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    release() {
      holds = false;
      for (const response of held.splice(0)) response.end();
    },
  };
}

async function arrange(values: Readonly<Record<string, unknown>>): Promise<ArrangedEndpoint> {
  const endpoint = await arrangeEndpoint(admin, values);
  closings.push(() => endpoint.remove());
  return endpoint;
}

/** "delivered" → 3 … of the endpoint's deliveries. */
async function countStates(endpoint: ArrangedEndpoint): Promise<Readonly<Record<string, number>>> {
  const rows = await admin.searchRead(
    "integration.delivery",
    [["endpoint_id", "=", endpoint.id]],
    ["state", "attempt_count"],
  );
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[String(state)] = (counts[String(state)] ?? 0) + 1;
  return counts;
}

/** Messages on the endpoint's lanes that no sidecar has taken. */
async function countOnLanes(endpoint: ArrangedEndpoint): Promise<number> {
  const [event] = await admin.searchRead(
    "integration.endpoint",
    [["id", "=", endpoint.id]],
    ["environment_uuid"],
  );
  const names = brokerNames(scopeOf(String(event?.environment_uuid)));
  return withDirectChannel(async (channel) => {
    const urgent = await channel.checkQueue(names.laneQueue(endpoint.id, "urgent"));
    const batch = await channel.checkQueue(names.laneQueue(endpoint.id, "batch"));
    return urgent.messageCount + batch.messageCount;
  });
}

const contactNames = (count: number) => Array.from({ length: count }, (_, index) => `Contact ${index + 1}`);

describe("pausing an endpoint", () => {
  test("brings what was on the road back to waiting, visibly, and resuming sends each once", async () => {
    const receiver = await startReceiver(true);
    const endpoint = await arrange({ url: receiver.url, concurrency: 1 });
    await startFleet(2);
    await endpoint.createContacts(contactNames(12));
    await vi.waitUntil(async () => (await countStates(endpoint)).queued === 12, deadline);
    await admin.call("integration.endpoint", "action_pause", [[endpoint.id]]);
    const underWay = () => receiver.webhookIds.length;
    await vi.waitUntil(async () => (await countStates(endpoint)).pending === 12 - underWay(), deadline);
    const history = await admin.searchRead(
      "integration.delivery.transition",
      [["delivery_id.endpoint_id", "=", endpoint.id]],
      ["from_state", "to_state", "reason", "user_id"],
    );
    expect(history).toHaveLength(12 - underWay());
    expect(history[0]).toMatchObject({
      from_state: "queued",
      to_state: "pending",
      reason: "Its endpoint was paused or stopped before it was sent.",
      user_id: false,
    });
    expect(await countOnLanes(endpoint)).toBe(0);

    receiver.release();
    await admin.call("integration.endpoint", "action_resume", [[endpoint.id]]);
    await vi.waitUntil(async () => (await countStates(endpoint)).delivered === 12, deadline);
    expect(receiver.webhookIds).toHaveLength(12);
    expect(new Set(receiver.webhookIds).size).toBe(12);
  }, 120_000);
});

describe("an endpoint that hangs until its deadline", () => {
  test("delays no other endpoint, and the broker holds at most its window while the rest waits in Odoo", async () => {
    const hanging = await startReceiver(true);
    const healthy = await startReceiver();
    const policy = { timeout_s: 60, window: 10 };
    const sick = await arrange({ url: hanging.url, ...policy });
    const well = await arrange({ url: healthy.url });
    await startFleet(2);
    // Each contact makes one delivery for either.
    await sick.createContacts(contactNames(60));
    await vi.waitUntil(async () => (await countStates(well)).delivered === 60, deadline);
    await vi.waitUntil(async () => (await countStates(sick)).queued === 10, deadline);
    expect(await countStates(sick)).toEqual({ queued: 10, pending: 50 });
    expect(await countOnLanes(sick)).toBeLessThanOrEqual(10);
    hanging.release();
    await vi.waitUntil(async () => (await countStates(sick)).delivered === 60, deadline);
    expect(new Set(hanging.webhookIds).size).toBe(60);
  }, 120_000);
});

describe("one of two sidecars killed", () => {
  test("moves its work to the other within its lease, and nothing is lost", async () => {
    const receiver = await startReceiver(true);
    const endpoint = await arrange({ url: receiver.url });
    const [killed] = await startFleet(2);
    await endpoint.createContacts(contactNames(40));
    await vi.waitUntil(() => receiver.webhookIds.length >= 4, deadline);
    killed?.process.kill("SIGKILL");
    receiver.release();
    await vi.waitUntil(async () => (await countStates(endpoint)).delivered === 40, leaseDeadline);
    expect(new Set(receiver.webhookIds).size).toBe(40);
    const rows = await admin.searchRead(
      "integration.delivery",
      [["endpoint_id", "=", endpoint.id]],
      ["attempt_count"],
    );
    expect(rows.every((row) => row.attempt_count === 1)).toBe(true);
  }, 120_000);
});
