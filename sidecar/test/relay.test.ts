import { describe, expect, test } from "vitest";
import { buildClaim } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { buildRelay, pollIntervalMs, stopRelaysAfterEach } from "./doubles/relay_stage.ts";

stopRelaysAfterEach();

describe("the relay", () => {
  test("claims the next batch while the broker still confirms the one before", async () => {
    const { odoo, broker, start } = buildRelay({ claimLimit: 10 });
    for (let deliveryId = 1; deliveryId <= 40; deliveryId += 1) odoo.addDelivery(buildClaim({ deliveryId }));
    const confirms = Promise.withResolvers<void>();
    const publish = broker.publishClaim.bind(broker);
    broker.publishClaim = async (claim) => {
      await confirms.promise;
      await publish(claim);
    };
    await start();
    expect(odoo.countCalls("claim")).toBe(2);
    confirms.resolve();
    await settle();
    expect(broker.publishedClaims.length).toBe(40);
  });

  test("claims at once after a hint and not before the poll interval without one", async () => {
    const { odoo, wake, clock, start } = buildRelay();
    await start();
    expect(odoo.countCalls("claim")).toBe(1);
    await clock.advance(pollIntervalMs - 1);
    expect(odoo.countCalls("claim")).toBe(1);
    await clock.advance(1);
    expect(odoo.countCalls("claim")).toBe(2);
    wake.notify();
    wake.notify();
    wake.notify();
    await settle();
    expect(odoo.countCalls("claim")).toBe(3);
  });

  test("claims when the next retry becomes due although nothing hints at it", async () => {
    const { odoo, broker, clock, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }), new Date(clock.now().getTime() + 700));
    await start();
    await clock.advance(699);
    expect(broker.publishedClaims).toEqual([]);
    await clock.advance(1);
    expect(broker.publishedClaims.map((claim) => claim.deliveryId)).toEqual([1]);
  });

  test("claims again soon when something became due while Odoo was answering", async () => {
    const { odoo, broker, clock, start } = buildRelay();
    odoo.answerDelayMs = 300;
    odoo.addDelivery(buildClaim({ deliveryId: 1 }), new Date(clock.now().getTime() + 100));
    await start();
    for (let passedMs = 0; passedMs < 120; passedMs += 20) await clock.advance(20);
    expect(broker.publishedClaims.map((claim) => claim.deliveryId)).toEqual([1]);
    expect(odoo.countCalls("claim")).toBeLessThan(10);
  });

  test("keeps claiming without a pause while batches are full", async () => {
    const { odoo, broker, start } = buildRelay({ claimLimit: 10 });
    for (let deliveryId = 1; deliveryId <= 35; deliveryId += 1) odoo.addDelivery(buildClaim({ deliveryId }));
    await start();
    expect(broker.publishedClaims.length).toBe(35);
    expect(odoo.countCalls("claim")).toBe(4);
  });

  test("passes the endpoint revision on with every claim", async () => {
    const { odoo, clock, revisions, start } = buildRelay();
    await start();
    odoo.endpointRevision = 9;
    await clock.advance(pollIntervalMs);
    expect(revisions).toEqual([1, 9]);
  });

  test("claims nothing after it was stopped", async () => {
    const { odoo, clock, wake, start, stop } = buildRelay();
    await start();
    await stop();
    wake.notify();
    await clock.advance(60_000);
    expect(odoo.countCalls("claim")).toBe(1);
  });
});
