import { describe, expect, test } from "vitest";
import { announceAfterMs } from "../src/pipeline/announcements.ts";
import { OdooUnavailable } from "../src/ports/odoo.ts";
import { buildClaim, buildOutcome } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { buildRelay, pollIntervalMs, stopRelaysAfterEach } from "./doubles/relay_stage.ts";

stopRelaysAfterEach();

describe("the relay, telling Odoo what the broker has,", () => {
  test("publishes what is due and tells Odoo after a while that the broker has it", async () => {
    const { odoo, broker, clock, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    odoo.addDelivery(buildClaim({ deliveryId: 2, lane: "batch" }));
    await start();
    expect(broker.publishedClaims.map((claim) => claim.deliveryId)).toEqual([1, 2]);
    expect(odoo.countCalls("published")).toBe(0);
    await clock.advance(announceAfterMs);
    expect([odoo.stateOf(1), odoo.stateOf(2)]).toEqual(["queued", "queued"]);
  });

  test("does not tell Odoo that the broker has what Odoo knows the outcome of", async () => {
    const { odoo, clock, relay, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    odoo.addDelivery(buildClaim({ deliveryId: 2 }));
    const announced: number[] = [];
    const published = odoo.published.bind(odoo);
    odoo.published = async (worker, claims) => {
      announced.push(...claims.map((claim) => claim.deliveryId));
      await published(worker, claims);
    };
    await start();
    const outcome = buildOutcome({ deliveryId: 1, attemptNumber: 1 });
    await odoo.report([outcome]);
    relay.noteReported([outcome]);
    await clock.advance(announceAfterMs);
    expect(announced).toEqual([2]);
  });

  test("tells Odoo of a later attempt although an earlier one was reported meanwhile", async () => {
    const { odoo, clock, relay, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    relay.noteReported([buildOutcome({ deliveryId: 1, attemptNumber: 2 })]);
    await clock.advance(announceAfterMs);
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("tells Odoo in batches that Odoo takes", async () => {
    const { odoo, clock, start } = buildRelay({ claimLimit: 900 });
    for (let deliveryId = 1; deliveryId <= 1800; deliveryId += 1)
      odoo.addDelivery(buildClaim({ deliveryId }));
    const sizes: number[] = [];
    const published = odoo.published.bind(odoo);
    odoo.published = async (worker, claims) => {
      sizes.push(claims.length);
      await published(worker, claims);
    };
    await start();
    await clock.advance(announceAfterMs);
    expect(sizes).toEqual([1000, 800]);
  });

  test("tells Odoo of everything the broker has before it ends", async () => {
    const { odoo, start, stop } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    await stop();
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("announces confirmed claims after an outage before it claims again, so that none is sent twice", async () => {
    const { odoo, broker, clock, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    // Odoo goes away between the claim and the announcement.
    const publish = broker.publishClaim.bind(broker);
    broker.publishClaim = async (claim) => {
      await publish(claim);
      odoo.failure = new OdooUnavailable("away");
    };
    await start();
    expect(odoo.stateOf(1)).toBe("pending");
    await clock.advance(90_000);
    odoo.failure = undefined;
    await clock.advance(15_000);
    expect(odoo.stateOf(1)).toBe("queued");
    expect(broker.publishedClaims.length).toBe(1);
  });

  test("tells Odoo what the broker has also while the broker is away", async () => {
    const { odoo, broker, clock, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    broker.disconnect();
    await clock.advance(pollIntervalMs);
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("counts the time that Odoo took to answer a claim", async () => {
    const { odoo, clock, wake, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    const claim = odoo.claim.bind(odoo);
    odoo.claim = async (...values) => {
      odoo.claim = claim;
      const batch = await claim(...values);
      clock.jump(announceAfterMs);
      return batch;
    };
    await start();
    wake.notify();
    await settle();
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("leaves nothing untold before the next claim when Odoo was slow to answer the one before", async () => {
    const { odoo, broker, clock, start } = buildRelay({ claimLimit: 1 });
    for (const deliveryId of [1, 2]) odoo.addDelivery(buildClaim({ deliveryId }));
    const confirms = Promise.withResolvers<void>();
    const publish = broker.publishClaim.bind(broker);
    broker.publishClaim = async (shown) => {
      await confirms.promise;
      await publish(shown);
    };
    const claim = odoo.claim.bind(odoo);
    odoo.claim = async (...values) => {
      const batch = await claim(...values);
      clock.jump(6_000);
      return batch;
    };
    await start();
    expect(odoo.countCalls("claim")).toBe(1);
    confirms.resolve();
    await settle();
    expect(odoo.calls.slice(0, 3)).toEqual(["claim", "published", "claim"]);
  });

  test("goes on telling Odoo after its clock was set back", async () => {
    const { odoo, clock, wake, start } = buildRelay();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    clock.jump(-3_600_000);
    wake.notify();
    await settle();
    expect(odoo.stateOf(1)).toBe("queued");
  });
});
