import { describe, expect, test } from "vitest";
import { announceAfterMs } from "../src/pipeline/announcements.ts";
import { OdooRefused, OdooUnavailable } from "../src/ports/odoo.ts";
import { buildClaim } from "./builders.ts";
import { buildRelay, stopRelaysAfterEach } from "./doubles/relay_stage.ts";

stopRelaysAfterEach();

describe("the relay, when Odoo or the broker fails,", () => {
  test("claims fewer at a time when Odoo cannot answer so many, and more again when it can", async () => {
    const { odoo, clock, start } = buildRelay({ claimLimit: 100 });
    const limits: number[] = [];
    const claim = odoo.claim.bind(odoo);
    odoo.claim = async (worker, limit, credits) => {
      limits.push(limit);
      if (limit > 10) throw new OdooUnavailable("no answer within 30000 ms");
      return claim(worker, limit, credits);
    };
    for (let deliveryId = 1; deliveryId <= 8; deliveryId += 1) odoo.addDelivery(buildClaim({ deliveryId }));
    await start();
    await clock.advance(30_000);
    expect(limits.slice(0, 4)).toEqual([100, 25, 6, 12]);
    await clock.advance(30_000);
    expect(odoo.stateOf(8)).toBe("queued");
  });

  test("leases nothing while the broker is away and goes on when it is back", async () => {
    const { odoo, broker, clock, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    broker.disconnect();
    await start();
    await clock.advance(10_000);
    expect(odoo.countCalls("claim")).toBe(0);
    broker.reconnect();
    await clock.advance(1000);
    expect(broker.publishedClaims.length).toBe(1);
  });

  test("leaves a claim that the broker refused to its lease and publishes the others", async () => {
    const { odoo, broker, clock, lines, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    odoo.addDelivery(buildClaim({ deliveryId: 2 }));
    broker.refusedDeliveryIds.add(1);
    await start();
    await clock.advance(announceAfterMs);
    expect([odoo.stateOf(1), odoo.stateOf(2)]).toEqual(["pending", "queued"]);
    expect(lines.find((line) => line.event === "relay.publish_failed")?.fields).toMatchObject({
      delivery_ids: [1],
    });
    broker.refusedDeliveryIds.clear();
    await clock.advance(70_000);
    await clock.advance(announceAfterMs);
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("goes on by itself when Odoo is back, waiting longer after each failure", async () => {
    const { odoo, broker, clock, lines, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    odoo.failure = new OdooUnavailable("away");
    await start();
    await clock.advance(120_000);
    const failureCount = lines.filter((line) => line.event === "relay.odoo_away").length;
    expect(failureCount).toBeGreaterThan(5);
    expect(failureCount).toBeLessThan(25);
    odoo.failure = undefined;
    await clock.advance(15_000);
    expect(broker.publishedClaims.length).toBe(1);
  });

  test("logs a refusal as our own error and keeps trying", async () => {
    const { odoo, clock, lines, start } = buildRelay();
    odoo.failure = new OdooRefused("no group");
    await start();
    await clock.advance(60_000);
    expect(lines.find((line) => line.event === "relay.odoo_away")?.level).toBe("error");
    odoo.failure = undefined;
    await clock.advance(15_000);
    expect(odoo.countCalls("claim")).toBeGreaterThan(0);
  });
});
