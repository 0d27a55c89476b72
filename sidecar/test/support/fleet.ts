/** Several sidecars, an endpoint of their own, and what Odoo and the broker say of it. Everything ends with the test. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, vi } from "vitest";
import { brokerNames, scopeOf } from "../../src/adapters/rabbitmq/names.ts";
import { type ArrangedEndpoint, arrangeEndpoint, OdooAdmin } from "./odoo_admin.ts";
import { withDirectChannel } from "./real_broker.ts";
import { readSidecarEnvironment, type SidecarProcess, startSidecar } from "./sidecar_process.ts";

/** Processes, Odoo and broker share the machine with whatever else runs. */
export const deadline = { timeout: 45_000, interval: 50 };

export let admin: OdooAdmin;
const closings: (() => unknown)[] = [];

/** Call once in a test file. */
export function useFleet(): void {
  beforeEach(async () => {
    admin = await OdooAdmin.logIn();
  });
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });
}

export function closeLater(close: () => unknown): void {
  closings.push(close);
}

export async function startFleet(count: number): Promise<readonly SidecarProcess[]> {
  const fleet = Array.from({ length: count }, (_, index) =>
    startSidecar({ ...readSidecarEnvironment(), WORKER_NAME: `test-${index + 1}` }),
  );
  for (const sidecar of fleet) {
    closeLater(async () => {
      sidecar.process.kill("SIGKILL");
      await sidecar.exited;
    });
  }
  // Until each has its share: the first one would take all that is due.
  const hasShare = (sidecar: SidecarProcess) =>
    sidecar.hasLogged("sidecar.ready") && sidecar.hasLogged("shares.changed", { is_settled: true });
  await vi.waitUntil(() => fleet.every(hasShare), deadline);
  return fleet;
}

/** Answers at once, or holds every request until `release`. */
export async function startReceiver(isHolding = false) {
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
  closeLater(() => {
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

export async function arrange(values: Readonly<Record<string, unknown>>): Promise<ArrangedEndpoint> {
  const endpoint = await arrangeEndpoint(admin, values);
  closeLater(() => endpoint.remove());
  return endpoint;
}

/** "delivered" → 3 … of the endpoint's deliveries. */
export async function countStates(endpoint: ArrangedEndpoint): Promise<Readonly<Record<string, number>>> {
  const rows = await admin.searchRead(
    "integration.delivery",
    [["endpoint_id", "=", endpoint.id]],
    ["state", "attempt_count"],
  );
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[String(state)] = (counts[String(state)] ?? 0) + 1;
  return counts;
}

export async function listLanes(endpoint: ArrangedEndpoint): Promise<readonly string[]> {
  const [row] = await admin.searchRead(
    "integration.endpoint",
    [["id", "=", endpoint.id]],
    ["environment_uuid"],
  );
  const names = brokerNames(scopeOf(String(row?.environment_uuid)));
  return [names.laneQueue(endpoint.id, "urgent"), names.laneQueue(endpoint.id, "batch")];
}

/** Messages on the endpoint's lanes that no sidecar has taken. */
export async function countOnLanes(endpoint: ArrangedEndpoint): Promise<number> {
  const lanes = await listLanes(endpoint);
  return withDirectChannel(async (channel) => {
    const counts = await Promise.all(lanes.map((lane) => channel.checkQueue(lane)));
    return counts.reduce((sum, { messageCount }) => sum + messageCount, 0);
  });
}

export const contactNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `Contact ${index + 1}`);
