import { afterEach, describe, expect, test } from "vitest";
import { announceAfterMs } from "../src/pipeline/announcements.ts";
import { Relay } from "../src/pipeline/relay.ts";
import { WakeSignal } from "../src/pipeline/wake_signal.ts";
import { OdooRefused, OdooUnavailable } from "../src/ports/odoo.ts";
import type { PipelineObserver } from "../src/ports/pipeline_observer.ts";
import { buildClaim, buildOutcome, recordLog } from "./builders.ts";
import { BrokerDouble } from "./doubles/broker_double.ts";
import { ClockDouble, settle } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";

const pollIntervalMs = 2000;

describe("the relay", () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  function build(options: { readonly claimLimit?: number } = {}) {
    const clock = new ClockDouble();
    const odoo = new OdooDouble(clock);
    const broker = new BrokerDouble();
    const wake = new WakeSignal(clock);
    const { log, lines } = recordLog();
    const revisions: number[] = [];
    const observer: PipelineObserver = { countClaims: () => {}, countReports: () => {}, setOdooUp: () => {} };
    const relay = new Relay({
      odoo,
      broker,
      clock,
      log,
      observer,
      wake,
      worker: "worker-1",
      claimLimit: options.claimLimit ?? 100,
      pollIntervalMs,
      onEndpointRevision: (revision) => revisions.push(revision),
    });
    const stopping = new AbortController();
    const start = async () => {
      const running = relay.run(stopping.signal);
      stops.push(async () => {
        stopping.abort();
        await running;
      });
      await settle();
    };
    const stop = async () => {
      stopping.abort();
      await settle();
    };
    return { clock, odoo, broker, wake, lines, revisions, relay, start, stop };
  }

  test("publishes what is due and tells Odoo after a while that the broker has it", async () => {
    const { odoo, broker, clock, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    odoo.addDelivery(buildClaim({ deliveryId: 2, lane: "batch" }));
    await start();
    expect(broker.publishedClaims.map((claim) => claim.deliveryId)).toEqual([1, 2]);
    expect(odoo.countCalls("published")).toBe(0);
    await clock.advance(announceAfterMs);
    expect([odoo.stateOf(1), odoo.stateOf(2)]).toEqual(["queued", "queued"]);
  });

  test("does not tell Odoo that the broker has what Odoo knows the outcome of", async () => {
    const { odoo, clock, relay, start } = build();
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
    const { odoo, clock, relay, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    relay.noteReported([buildOutcome({ deliveryId: 1, attemptNumber: 2 })]);
    await clock.advance(announceAfterMs);
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("tells Odoo in batches that Odoo takes", async () => {
    const { odoo, clock, start } = build({ claimLimit: 900 });
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

  test("claims the next batch while the broker still confirms the one before", async () => {
    const { odoo, broker, start } = build({ claimLimit: 10 });
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

  test("tells Odoo of everything the broker has before it ends", async () => {
    const { odoo, start, stop } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    await stop();
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("claims fewer at a time when Odoo cannot answer so many, and more again when it can", async () => {
    const { odoo, clock, start } = build({ claimLimit: 100 });
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

  test("claims at once after a hint and not before the poll interval without one", async () => {
    const { odoo, wake, clock, start } = build();
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
    const { odoo, broker, clock, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }), new Date(clock.now().getTime() + 700));
    await start();
    await clock.advance(699);
    expect(broker.publishedClaims).toEqual([]);
    await clock.advance(1);
    expect(broker.publishedClaims.map((claim) => claim.deliveryId)).toEqual([1]);
  });

  test("claims again soon when something became due while Odoo was answering", async () => {
    const { odoo, broker, clock, start } = build();
    odoo.answerDelayMs = 300;
    odoo.addDelivery(buildClaim({ deliveryId: 1 }), new Date(clock.now().getTime() + 100));
    await start();
    for (let passedMs = 0; passedMs < 120; passedMs += 20) await clock.advance(20);
    expect(broker.publishedClaims.map((claim) => claim.deliveryId)).toEqual([1]);
    expect(odoo.countCalls("claim")).toBeLessThan(10);
  });

  test("keeps claiming without a pause while batches are full", async () => {
    const { odoo, broker, start } = build({ claimLimit: 10 });
    for (let deliveryId = 1; deliveryId <= 35; deliveryId += 1) odoo.addDelivery(buildClaim({ deliveryId }));
    await start();
    expect(broker.publishedClaims.length).toBe(35);
    expect(odoo.countCalls("claim")).toBe(4);
  });

  test("leases nothing while the broker is away and goes on when it is back", async () => {
    const { odoo, broker, clock, start } = build();
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
    const { odoo, broker, clock, lines, start } = build();
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
    const { odoo, broker, clock, lines, start } = build();
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

  test("announces confirmed claims after an outage before it claims again, so that none is sent twice", async () => {
    const { odoo, broker, clock, start } = build();
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
    const { odoo, broker, clock, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    broker.disconnect();
    await clock.advance(pollIntervalMs);
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("counts the time that Odoo took to answer a claim", async () => {
    const { odoo, clock, wake, start } = build();
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
    const { odoo, broker, clock, start } = build({ claimLimit: 1 });
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
    const { odoo, clock, wake, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    clock.jump(-3_600_000);
    wake.notify();
    await settle();
    expect(odoo.stateOf(1)).toBe("queued");
  });

  test("logs a refusal as our own error and keeps trying", async () => {
    const { odoo, clock, lines, start } = build();
    odoo.failure = new OdooRefused("no group");
    await start();
    await clock.advance(60_000);
    expect(lines.find((line) => line.event === "relay.odoo_away")?.level).toBe("error");
    odoo.failure = undefined;
    await clock.advance(15_000);
    expect(odoo.countCalls("claim")).toBeGreaterThan(0);
  });

  test("passes the endpoint revision on with every claim", async () => {
    const { odoo, clock, revisions, start } = build();
    await start();
    odoo.endpointRevision = 9;
    await clock.advance(pollIntervalMs);
    expect(revisions).toEqual([1, 9]);
  });

  test("claims nothing after it was stopped", async () => {
    const { odoo, clock, wake, start, stop } = build();
    await start();
    await stop();
    wake.notify();
    await clock.advance(60_000);
    expect(odoo.countCalls("claim")).toBe(1);
  });
});
