/** Which lanes are consumed, and what happens to messages of endpoints that must not be sent to. */
import { describe, expect, it } from "vitest";
import type { EndpointState } from "../src/domain/delivery.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { LaneBrokerDouble } from "./doubles/lane_broker_double.ts";
import { accepted } from "./doubles/sender_double.ts";

describe("lanes", () => {
  it("are consumed with the endpoint's window, of drafts for tests, but not of fenced ones", async () => {
    const { broker, sender } = await startDispatch([
      buildEndpoint({ id: 7, window: 50 }),
      buildEndpoint({ id: 8, window: 5 }),
      buildEndpoint({ id: 9, window: 6, state: "draft" }),
      buildEndpoint({ id: 10, state: "fenced" }),
    ]);
    expect(Object.fromEntries(broker.openLanes)).toEqual({
      "7.urgent": 50,
      "7.batch": 50,
      "8.urgent": 5,
      "8.batch": 5,
      "9.urgent": 6,
      "9.batch": 6,
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

  it("go on at once when they are wanted again before what was under way has ended", async () => {
    const endpoint = buildEndpoint({ concurrency: 2 });
    const { dispatcher, broker, sender } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await settle();
    dispatcher.applyEndpoints([{ ...endpoint, concurrency: 0 }]);
    await settle();
    dispatcher.applyEndpoints([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    expect(sender.posts).toHaveLength(2);
    expect(Object.fromEntries(broker.openLanes)).toEqual({ "7.urgent": 50, "7.batch": 50 });
  });

  it("stay open until all is settled when they are wanted again and then not", async () => {
    const endpoint = buildEndpoint({ concurrency: 2 });
    const { dispatcher, broker, sender, clock } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await settle();
    for (const concurrency of [0, 2, 0]) dispatcher.applyEndpoints([{ ...endpoint, concurrency }]);
    await settle();
    expect(broker.openLanes.size).toBe(2);
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(broker.openLanes.size).toBe(0);
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

describe("an endpoint that is paused or stopped", () => {
  const paused: readonly EndpointState[] = ["paused", "stopped"];

  it.each(paused)("(%s) gets nothing more; what is not under way goes back to Odoo unsent", async (state) => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    dispatcher.applyEndpoints([{ ...endpoint, state }]);
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([{ deliveryId: 2, statusCode: 0, decision: { kind: "returned" } }]);
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([{ deliveryId: 2 }, { deliveryId: 1, decision: { kind: "delivered" } }]);
    expect(sender.posts).toHaveLength(1);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("gives back what was on its lanes before this service started", async () => {
    const { broker, sender, clock, outcomes, observer } = await startDispatch([
      buildEndpoint({ state: "paused" }),
    ]);
    await broker.publishClaim(buildClaim({ sendBefore: "2126-11-20T08:31:54.123Z" }));
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([
      { decision: { kind: "returned" }, sendBefore: "2126-11-20T08:31:54.123Z" },
    ]);
    expect(sender.posts).toHaveLength(0);
    expect(observer.attempts).toEqual([]);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("keeps its messages until the broker has confirmed that they go back", async () => {
    const { broker, clock } = await startDispatch([buildEndpoint({ state: "paused" })]);
    await broker.publishClaim(buildClaim());
    await settle();
    broker.disconnect();
    await clock.advance(batchWaitMs);
    expect(broker.unsettledClaimCount).toBe(1);
  });

  it("and active again gets what Odoo gives out from then on, at once", async () => {
    const endpoint = buildEndpoint();
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([
      { ...endpoint, state: "paused" },
    ]);
    sender.answerAll();
    await broker.publishClaim(buildClaim());
    await clock.advance(batchWaitMs);
    dispatcher.applyEndpoints([endpoint]);
    await broker.publishClaim(buildClaim());
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.decision.kind)).toEqual(["returned", "delivered"]);
  });
});

describe("large events", () => {
  it("of one endpoint end its credit while they fill its share of memory, and nobody else's", async () => {
    const { broker, dispatcher, sender, clock } = await startDispatch([
      buildEndpoint({ id: 7, concurrency: 8 }),
      buildEndpoint({ id: 8 }),
    ]);
    const body = "x".repeat(1_000_000);
    for (let deliveryId = 1; deliveryId <= 8; deliveryId += 1) {
      expect(dispatcher.readCredits()).toEqual(new Map());
      await broker.publishClaim(buildClaim({ deliveryId, endpointId: 7, body }));
      await settle();
    }
    await broker.publishClaim(buildClaim({ deliveryId: 20, endpointId: 8 }));
    expect(dispatcher.readCredits()).toEqual(new Map([[7, 0]]));
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(dispatcher.readCredits()).toEqual(new Map());
  });
});
