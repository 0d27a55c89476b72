/** Several sidecars on the real Odoo and broker: what a sick endpoint or a killed sidecar does to everything else. */
import { describe, expect, test, vi } from "vitest";
import {
  admin,
  arrange,
  contactNames,
  countOnLanes,
  countStates,
  deadline,
  startFleet,
  startReceiver,
  useFleet,
} from "./support/fleet.ts";

/** A lease lasts 60 s in Odoo. */
const leaseDeadline = { timeout: 100_000, interval: 100 };

useFleet();

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
    // Those that are held first must outlast the time until the last one comes.
    const endpoint = await arrange({ url: receiver.url, timeout_s: 60 });
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
