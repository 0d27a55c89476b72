import { afterEach, describe, expect, test, vi } from "vitest";
import { brokerNames } from "../src/adapters/rabbitmq/names.ts";
import type { Claim, Outcome } from "../src/domain/delivery.ts";
import type { ParkedMessage, Received } from "../src/ports/broker.ts";
import { describeBrokerContract } from "./broker_contract.ts";
import { buildClaim, buildOutcome } from "./builders.ts";
import { type RealBroker, startRealBroker, withDirectChannel } from "./support/real_broker.ts";

const deadline = { timeout: 15_000, interval: 10 };

describeBrokerContract("RabbitMQ", async () => {
  const real = await startRealBroker();
  return {
    broker: real.broker,
    cut: () => real.proxy.cutAll(),
    reach: () => real.proxy.allow(),
    refuse: () => {
      real.proxy.refuse();
      real.proxy.cutAll();
    },
    close: () => real.close(),
  };
});

describe("the RabbitMQ adapter", () => {
  const open: RealBroker[] = [];
  const start = async (options: Parameters<typeof startRealBroker>[0] = {}) => {
    const real = await startRealBroker(options);
    open.push(real);
    await vi.waitUntil(() => real.broker.isConnected, deadline);
    return real;
  };
  afterEach(async () => {
    for (const real of open.splice(0)) await real.close();
  });
  const takeReports = async ({ broker }: RealBroker) => {
    const outcomes: Outcome[] = [];
    await broker.consumeReports(100, (message) => {
      outcomes.push(...message.value);
      message.ack();
    });
    return outcomes;
  };

  test("loses no claim when its connections are cut again and again", async () => {
    const { broker, proxy } = await start();
    const seen = new Set<number>();
    await broker.consumeLane(7, "urgent", 20, (message) => {
      seen.add(message.value.deliveryId);
      message.ack();
    });
    const publishUntilConfirmed = async (deliveryId: number) => {
      for (;;) {
        try {
          await broker.publishClaim(buildClaim({ deliveryId }));
          return;
        } catch {
          await vi.waitUntil(() => broker.isConnected, deadline);
        }
      }
    };
    const deliveryIds = Array.from({ length: 600 }, (_, index) => index + 1);
    for (const part of [deliveryIds.slice(0, 200), deliveryIds.slice(200, 400), deliveryIds.slice(400)]) {
      const publishing = Promise.all(part.map(publishUntilConfirmed));
      await vi.waitUntil(() => seen.size > (part[0] ?? 0), deadline);
      proxy.cutAll();
      await publishing;
    }
    await vi.waitUntil(() => seen.size === deliveryIds.length, deadline);
    expect(proxy.openedCount).toBeGreaterThan(2);
  });

  test("declares a deleted lane again and goes on consuming it", async () => {
    const real = await start();
    const taken: Received<Claim>[] = [];
    await real.broker.consumeLane(7, "urgent", 10, (message) => taken.push(message));
    await real.broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await vi.waitUntil(() => taken.length === 1, deadline);
    await withDirectChannel((channel) => channel.deleteQueue(brokerNames(real.scope).laneQueue(7, "urgent")));
    await real.broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await vi.waitUntil(() => taken.some((message) => message.value.deliveryId === 2), deadline);
  });

  test("brings a claim whose lane vanished behind its back onto the lane again", async () => {
    const real = await start();
    await real.broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await withDirectChannel((channel) => channel.deleteQueue(brokerNames(real.scope).laneQueue(7, "urgent")));
    await real.broker.publishClaim(buildClaim({ deliveryId: 2 }));
    const taken: number[] = [];
    await real.broker.consumeLane(7, "urgent", 10, (message) => taken.push(message.value.deliveryId));
    await vi.waitUntil(() => taken.includes(2), deadline);
  });

  test("reports an unreadable lane message as a poison failure of its delivery", async () => {
    const real = await start();
    const outcomes = await takeReports(real);
    const taken: Received<Claim>[] = [];
    await real.broker.consumeLane(7, "urgent", 10, (message) => taken.push(message));
    await real.broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await vi.waitUntil(() => taken.length === 1, deadline);
    await withDirectChannel(async (channel) => {
      channel.publish(brokerNames(real.scope).laneExchange, "7.urgent", Buffer.from("not json"), {
        headers: { "delivery-id": 42, "attempt-number": 3 },
      });
    });
    await vi.waitUntil(() => outcomes.length === 1, deadline);
    expect(outcomes[0]).toMatchObject({
      deliveryId: 42,
      attemptNumber: 3,
      decision: { kind: "failed", failureClass: "poison", stopEndpoint: false },
    });
    expect(taken.length).toBe(1);
  });

  test("parks a dead message that names no delivery, for a person", async () => {
    const real = await start();
    const names = brokerNames(real.scope);
    await withDirectChannel(async (channel) => {
      channel.publish(names.dead, "", Buffer.from("whose am I?"), { messageId: "lost-1" });
    });
    await vi.waitUntil(() => real.lines.some((line) => line.event === "broker.message_parked"), deadline);
    const parked = await vi.waitUntil(
      () => withDirectChannel((channel) => channel.get(names.parked, { noAck: true })),
      deadline,
    );
    expect(String(parked.content)).toBe("whose am I?");
  });

  test("tells of a parked message where it was found and why, also one that the broker itself gave up", async () => {
    const real = await start();
    const names = brokerNames(real.scope);
    const taken: Received<ParkedMessage>[] = [];
    await real.broker.consumeParked(10, (message) => taken.push(message));
    await real.broker.consumeLane(7, "urgent", 10, () => {});
    await real.broker.publishClaim(buildClaim());
    await withDirectChannel(async (channel) => {
      channel.publish(names.laneExchange, "7.urgent", Buffer.from("garbage"), { messageId: "m-1" });
      channel.publish(names.laneExchange, "no such lane", Buffer.from("garbage 2"));
      channel.publish(names.reports, "", Buffer.from("garbage 3"), { type: "odd" });
      channel.publish(names.parked, "", Buffer.from([0, 255, 254]));
    });
    await real.broker.consumeReports(10, () => {});
    await vi.waitUntil(() => taken.length === 4, deadline);
    const byText = new Map(taken.map(({ value }) => [value.content.toString("latin1"), value]));
    const lane = byText.get("garbage");
    expect(lane).toMatchObject({ foundIn: names.laneQueue(7, "urgent"), messageId: "m-1", sizeBytes: 7 });
    expect(lane?.reason).toMatch(/^IM_MESSAGE_UNREADABLE: expected JSON/);
    expect(byText.get("garbage 2")?.foundIn).toBe(names.unrouted);
    expect(byText.get("garbage 3")).toMatchObject({ foundIn: names.reports, messageType: "odd" });
    expect(byText.get("\0\xff\xfe")?.reason).toMatch(/^IM_MESSAGE_PARKED/);
    expect(new Set(taken.map(({ value }) => value.key)).size).toBe(4);

    const keys = taken.map(({ value }) => value.key).sort();
    await real.broker.cancelParked();
    const again: Received<ParkedMessage>[] = [];
    await real.broker.consumeParked(10, (message) => again.push(message));
    await vi.waitUntil(() => again.length === 4, deadline);
    expect(again.map(({ value }) => value.key).sort()).toEqual(keys);
  });

  test("puts a report that came to `dead` back on the reports queue", async () => {
    const real = await start();
    const names = brokerNames(real.scope);
    await real.broker.publishOutcomes([buildOutcome({ deliveryId: 5 })]);
    await withDirectChannel(async (channel) => {
      const report = await channel.get(names.reports);
      if (report === false) throw new Error("expected a report");
      channel.nack(report, false, false);
      await channel.checkQueue(names.reports);
    });
    const outcomes = await takeReports(real);
    await vi.waitUntil(() => outcomes.length === 1, deadline);
    expect(outcomes[0]?.deliveryId).toBe(5);
  });

  test("says which declaration was refused when a queue exists with other arguments", async () => {
    const real = await start();
    await withDirectChannel((channel) =>
      channel.assertQueue(brokerNames(real.scope).laneQueue(8, "urgent"), { durable: true }),
    );
    await expect(real.broker.publishClaim(buildClaim({ endpointId: 8 }))).rejects.toThrow(
      /^IM_BROKER_TOPOLOGY: .*lane\.8\.urgent/,
    );
    expect(real.broker.isConnected).toBe(true);
  });

  test("gives up a confirm that does not come in time and publishes again after the broker answers", async () => {
    const real = await start({ confirmTimeoutMs: 200 });
    await real.broker.publishClaim(buildClaim());
    real.proxy.freeze();
    await expect(real.broker.publishClaim(buildClaim())).rejects.toThrow(/no confirm within 200 ms/);
    expect(real.broker.isConnected).toBe(false);
    real.proxy.thaw();
    await vi.waitUntil(() => real.broker.isConnected, deadline);
    await real.broker.publishClaim(buildClaim());
  });

  test("takes no claim while the broker blocks publishers", async () => {
    const real = await start();
    real.proxy.sayToClients(blockedFrame("low on disk"));
    await vi.waitUntil(() => !real.broker.isConnected, deadline);
    await expect(real.broker.publishOutcomes([buildOutcome()])).rejects.toThrow(
      /blocks publishers \(low on disk\)/,
    );
    real.proxy.sayToClients(unblockedFrame());
    await vi.waitUntil(() => real.broker.isConnected, deadline);
    await real.broker.publishOutcomes([buildOutcome()]);
  });

  test("leaves settled claims settled and hands unsettled ones back when a lane is cancelled", async () => {
    const { broker } = await start();
    const first: Received<Claim>[] = [];
    await broker.consumeLane(7, "urgent", 10, (message) => first.push(message));
    for (const deliveryId of [1, 2]) await broker.publishClaim(buildClaim({ deliveryId }));
    await vi.waitUntil(() => first.length === 2, deadline);
    first[0]?.ack();
    await broker.cancelLane(7, "urgent");
    const second: number[] = [];
    await broker.consumeLane(7, "urgent", 10, (message) => second.push(message.value.deliveryId));
    await vi.waitUntil(() => second.length === 1, deadline);
    expect(second).toEqual([2]);
  });

  test("publishes more claims at once than its window without losing one", async () => {
    const { broker } = await start();
    const seen = new Set<number>();
    await broker.consumeLane(7, "urgent", 50, (message) => {
      seen.add(message.value.deliveryId);
      message.ack();
    });
    const claims = Array.from({ length: 1000 }, (_, index) => buildClaim({ deliveryId: index + 1 }));
    await Promise.all(claims.map((claim) => broker.publishClaim(claim)));
    await vi.waitUntil(() => seen.size === claims.length, deadline);
  });
});

/** AMQP 0-9-1 method frame on channel 0: connection.blocked (10, 60) with a short string. */
function blockedFrame(reason: string): Buffer {
  const text = Buffer.from(reason);
  return methodFrame(Buffer.concat([Buffer.from([0, 10, 0, 60, text.length]), text]));
}

/** connection.unblocked (10, 61). */
function unblockedFrame(): Buffer {
  return methodFrame(Buffer.from([0, 10, 0, 61]));
}

function methodFrame(payload: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(payload.length);
  return Buffer.concat([Buffer.from([1, 0, 0]), size, payload, Buffer.from([0xce])]);
}
