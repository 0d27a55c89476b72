import { describe, expect, it } from "vitest";
import { RequestBudget } from "../src/pipeline/request_budget.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { accepted } from "./doubles/sender_double.ts";

describe("concurrency", () => {
  it("is bounded per endpoint, and urgent goes before batch", async () => {
    const { broker, sender, observer } = await startDispatch([buildEndpoint({ concurrency: 2 })]);
    for (const deliveryId of [1, 2, 3, 4]) {
      await broker.publishClaim(buildClaim({ deliveryId, lane: "batch", body: `batch ${deliveryId}` }));
    }
    await settle();
    await broker.publishClaim(buildClaim({ deliveryId: 5, lane: "urgent", body: "urgent 5" }));
    await settle();
    expect(observer.loads.get(7)).toEqual({ inFlight: 2, waiting: 3 });
    for (let turn = 0; turn < 5; turn += 1) {
      sender.posts[turn]?.answer(accepted);
      await settle();
    }
    expect(sender.posts.map((request) => request.body)).toEqual([
      "batch 1",
      "batch 2",
      "urgent 5",
      "batch 3",
      "batch 4",
    ]);
    expect(sender.openMax).toBe(2);
    expect(observer.loads.get(7)).toEqual({ inFlight: 0, waiting: 0 });
  });

  it("does not wait for confirmations: a slot is free when the answer is there", async () => {
    const { broker, sender, outcomes } = await startDispatch([buildEndpoint({ concurrency: 1 })]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    sender.posts[0]?.answer(accepted);
    await settle();
    expect(sender.posts).toHaveLength(2);
    expect(outcomes()).toEqual([]);
  });

  it("of one endpoint does not hold up another", async () => {
    const stuck = buildEndpoint({ id: 7, concurrency: 1 });
    const { broker, sender, clock, outcomes } = await startDispatch([stuck, buildEndpoint({ id: 8 })]);
    await broker.publishClaim(buildClaim({ deliveryId: 1, endpointId: 7 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2, endpointId: 7 }));
    await broker.publishClaim(buildClaim({ deliveryId: 3, endpointId: 8 }));
    await settle();
    sender.posts.find((request) => request.endpoint.id === 8)?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([3]);
  });

  it("follows new settings", async () => {
    const { dispatcher, broker, sender } = await startDispatch([buildEndpoint({ concurrency: 1 })]);
    for (const deliveryId of [1, 2, 3]) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await settle();
    dispatcher.applyEndpoints([buildEndpoint({ concurrency: 3 })]);
    await settle();
    expect(sender.openCount).toBe(3);
  });
});

describe("a share of the concurrency", () => {
  it("that is nothing leaves the lanes to other sidecars, once what was started is settled", async () => {
    const { dispatcher, broker, sender, clock } = await startDispatch([buildEndpoint({ concurrency: 1 })]);
    for (const deliveryId of [1, 2]) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await settle();
    dispatcher.applyEndpoints([buildEndpoint({ concurrency: 0 })]);
    await settle();
    expect(dispatcher.isWithinConcurrency).toBe(false);
    expect(broker.openLanes.has("7.urgent")).toBe(true);
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(dispatcher.isWithinConcurrency).toBe(true);
    expect(broker.openLanes.has("7.urgent")).toBe(false);
    expect(sender.posts).toHaveLength(1);
  });

  it("that shrinks lets requests end and starts no more than it allows", async () => {
    const { dispatcher, broker, sender } = await startDispatch([buildEndpoint({ concurrency: 3 })]);
    for (const deliveryId of [1, 2, 3, 4, 5]) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await settle();
    dispatcher.applyEndpoints([buildEndpoint({ concurrency: 2 })]);
    sender.posts[0]?.answer(accepted);
    await settle();
    expect([sender.openCount, dispatcher.isWithinConcurrency]).toEqual([2, true]);
    sender.posts[1]?.answer(accepted);
    await settle();
    expect([sender.openCount, sender.posts.length]).toEqual([2, 4]);
  });

  it("that may be with others by now starts nothing, and everything again when it is certain", async () => {
    const { dispatcher, broker, sender, share } = await startDispatch([buildEndpoint()]);
    share.isOurs = false;
    await broker.publishClaim(buildClaim());
    await settle();
    expect(sender.posts).toHaveLength(0);
    share.isOurs = true;
    dispatcher.applyEndpoints([buildEndpoint()]);
    await settle();
    expect(sender.posts).toHaveLength(1);
  });
});

describe("the process's budget", () => {
  it("bounds all endpoints together, and gives a healthy one its turn beside one that hangs", async () => {
    const endpoints = [buildEndpoint({ id: 7 }), buildEndpoint({ id: 8 })];
    const { broker, sender } = await startDispatch(endpoints, undefined, new RequestBudget(2));
    for (const deliveryId of [1, 2, 3, 4]) {
      await broker.publishClaim(buildClaim({ deliveryId, endpointId: 7 }));
    }
    for (const deliveryId of [5, 6, 7]) {
      await broker.publishClaim(buildClaim({ deliveryId, endpointId: 8 }));
    }
    await settle();
    expect(sender.posts.map(({ endpoint }) => endpoint.id)).toEqual([7, 7]);
    sender.posts[0]?.answer(accepted);
    await settle();
    for (const turn of [2, 3, 4]) {
      expect(sender.posts[turn]?.endpoint.id).toBe(8);
      sender.posts[turn]?.answer(accepted);
      await settle();
    }
    expect(sender.openMax).toBe(2);
    expect(sender.posts.at(-1)?.endpoint.id).toBe(7);
  });
});
