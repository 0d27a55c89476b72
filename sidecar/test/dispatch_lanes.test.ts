/** Which lanes are consumed, and what happens to messages of endpoints that must not be sent to. */
import { describe, expect, it } from "vitest";
import type { EndpointState } from "../src/domain/delivery.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { LaneBrokerDouble } from "./doubles/lane_broker_double.ts";
import { accepted } from "./doubles/sender_double.ts";

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
