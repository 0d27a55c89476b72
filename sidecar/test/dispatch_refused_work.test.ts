/** Messages that must not be sent although they were handed out. */
import { describe, expect, it } from "vitest";
import type { Answer } from "../src/domain/delivery.ts";
import { RequestBudget } from "../src/pipeline/request_budget.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { accepted } from "./doubles/sender_double.ts";

const gone: Answer = { kind: "answered", statusCode: 410, retryAfter: undefined, excerpt: "" };

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

  it("gets nothing more from the slot of that request, when the process has no other", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint()], undefined, new RequestBudget(1));
    for (const deliveryId of [1, 2]) await broker.publishClaim(buildClaim({ deliveryId }));
    await settle();
    sender.posts[0]?.answer(gone);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(1);
  });

  it("is not served by a list that Odoo gave out before it had our report", async () => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { dispatcher, broker, sender, clock } = await startDispatch([endpoint]);
    sender.answerAll(gone);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await clock.advance(batchWaitMs);
    dispatcher.applyEndpoints([endpoint]);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(1);
  });

  it.each([
    [
      "stopped it, got back what waited, and a person has activated it again",
      ["stopped", "active"],
      0,
      ["failed", "returned", "delivered"],
    ],
    ["has listed it as active for a while after the report", ["active"], 10_000, ["failed", "delivered"]],
  ] as const)("is served again when Odoo %s", async (_, states, waitMs, expected) => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    sender.answerAll(gone);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await clock.advance(batchWaitMs);
    sender.answerAll();
    await clock.advance(waitMs);
    for (const state of states) {
      dispatcher.applyEndpoints([{ ...endpoint, state }]);
      await clock.advance(batchWaitMs);
    }
    // What Odoo got back it gives out again.
    if (outcomes().length < expected.length) await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    broker.bounce();
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.decision.kind)).toEqual(expected);
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
