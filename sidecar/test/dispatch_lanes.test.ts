/** Which lanes are consumed, and what happens to messages of endpoints that must not be sent to. */
import { describe, expect, it } from "vitest";
import type { Answer, Endpoint, EndpointState } from "../src/domain/delivery.ts";
import { Dispatcher } from "../src/pipeline/dispatch.ts";
import { buildClaim, buildEndpoint, recordLog } from "./builders.ts";
import { ClockDouble, settle } from "./doubles/clock_double.ts";
import { LaneBrokerDouble } from "./doubles/lane_broker_double.ts";
import { ObserverDouble } from "./doubles/observer_double.ts";
import { accepted, SenderDouble } from "./doubles/sender_double.ts";

/** Longer than outcomes wait for company. */
const batchWaitMs = 10;

async function startDispatch(endpoints: readonly Endpoint[], broker = new LaneBrokerDouble()) {
  const sender = new SenderDouble();
  const clock = new ClockDouble();
  const { log, lines } = recordLog();
  const parts = {
    broker,
    sender,
    clock,
    observer: new ObserverDouble(),
    log,
    worker: "worker-1",
    version: "0.1.0",
  };
  const dispatcher = new Dispatcher(parts);
  dispatcher.applyEndpoints(endpoints);
  await settle();
  const outcomes = () => broker.publishedReports.flat();
  return { dispatcher, broker, sender, clock, lines, outcomes };
}

const gone: Answer = { kind: "answered", statusCode: 410, retryAfter: undefined, excerpt: "" };

describe("lanes", () => {
  it("of active endpoints are consumed with their window, others are not", async () => {
    const inactive: readonly EndpointState[] = ["draft", "paused", "stopped", "fenced"];
    const { broker, sender } = await startDispatch([
      buildEndpoint({ id: 7, window: 50 }),
      buildEndpoint({ id: 8, window: 5 }),
      ...inactive.map((state, index) => buildEndpoint({ id: 20 + index, state })),
    ]);
    expect(Object.fromEntries(broker.openLanes)).toEqual({
      "7.urgent": 50,
      "7.batch": 50,
      "8.urgent": 5,
      "8.batch": 5,
    });
    expect(sender.kept).toEqual([new Set([7, 8])]);
  });

  it("are opened again after failures, without being asked", async () => {
    const broker = new LaneBrokerDouble();
    broker.refusedOpenings = 3;
    const { clock, lines } = await startDispatch([buildEndpoint()], broker);
    expect(broker.openLanes.size).toBe(0);
    await clock.advance(60_000);
    expect(broker.openLanes.size).toBe(2);
    expect(lines.filter((line) => line.event === "lane.unavailable")).toHaveLength(3);
  });

  it("are opened anew when the window changes, after what was under way is settled", async () => {
    const endpoint = buildEndpoint({ window: 50, concurrency: 1 });
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    dispatcher.applyEndpoints([{ ...endpoint, window: 10 }]);
    await settle();
    expect(broker.openLanes.get("7.urgent")).toBe(50);
    sender.answerAll();
    sender.posts[0]?.answer(accepted);
    await settle();
    expect(sender.posts).toHaveLength(1);
    await clock.advance(batchWaitMs);
    expect(Object.fromEntries(broker.openLanes)).toEqual({ "7.urgent": 10, "7.batch": 10 });
    broker.bounce();
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1, 2]);
  });

  it("stay as they are when nothing that concerns them changes", async () => {
    const { dispatcher, broker } = await startDispatch([buildEndpoint()]);
    const cancelled: string[] = [];
    broker.cancelLane = async (endpointId, lane) => {
      cancelled.push(`${endpointId}.${lane}`);
    };
    dispatcher.applyEndpoints([buildEndpoint({ name: "Renamed", timeoutMs: 1_000 })]);
    await settle();
    expect(cancelled).toEqual([]);
  });
});

describe("an endpoint that turns inactive", () => {
  it("gets nothing more; what is under way is finished before its lanes close", async () => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    dispatcher.applyEndpoints([{ ...endpoint, state: "paused" }]);
    await settle();
    expect(broker.openLanes.size).toBe(2);
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(broker.openLanes.size).toBe(0);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1]);
    expect(sender.posts).toHaveLength(1);
  });

  it("and active again gets what had waited, once", async () => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    dispatcher.applyEndpoints([{ ...endpoint, state: "paused" }]);
    sender.answerAll();
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    dispatcher.applyEndpoints([endpoint]);
    await settle();
    broker.bounce();
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1, 2]);
    expect(sender.posts).toHaveLength(2);
  });

  it("and active again before anything was settled goes on as if nothing had been", async () => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    dispatcher.applyEndpoints([{ ...endpoint, state: "paused" }]);
    await settle();
    dispatcher.applyEndpoints([endpoint]);
    sender.answerAll();
    sender.posts[0]?.answer(accepted);
    await clock.advance(2 * batchWaitMs);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1, 2]);
    expect(broker.openLanes.size).toBe(2);
  });
});

describe("an endpoint that answers 410", () => {
  it("gets nothing more, although Odoo has not stopped it yet", async () => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    sender.answerAll(gone);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([{ deliveryId: 1, decision: { kind: "failed", stopEndpoint: true } }]);
    expect(broker.unsettledClaimCount).toBe(1);
  });

  it("is served again when Odoo lists it as active", async () => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    sender.answerAll(gone);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await clock.advance(batchWaitMs);
    sender.answerAll();
    dispatcher.applyEndpoints([endpoint]);
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.decision.kind)).toEqual(["failed", "delivered"]);
  });
});

describe("a message of an unknown endpoint", () => {
  it("is not sent and comes back in a minute", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint({ id: 7 })]);
    broker.handOut(buildClaim({ endpointId: 99 }), { endpointId: 7, lane: "urgent" });
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(0);
    expect(outcomes()).toMatchObject([
      { statusCode: 0, decision: { kind: "retry", failureClass: "configuration", retryDelayS: 60 } },
    ]);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("is treated so too when the endpoint was deleted while it waited", async () => {
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([
      buildEndpoint({ concurrency: 1 }),
    ]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    dispatcher.applyEndpoints([]);
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([
      { deliveryId: 2, decision: { kind: "retry", failureClass: "configuration" } },
      { deliveryId: 1, decision: { kind: "delivered" } },
    ]);
    expect(sender.posts).toHaveLength(1);
    expect(broker.openLanes.size).toBe(0);
  });
});
