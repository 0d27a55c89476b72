/** How dispatch lives with a broker that goes away, comes back, and hands things out twice. */
import { describe, expect, it } from "vitest";
import { BrokerUnavailable } from "../src/ports/broker.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import type { LaneBrokerDouble } from "./doubles/lane_broker_double.ts";
import { accepted } from "./doubles/sender_double.ts";

/** Longer than any pause between two probes of the broker. */
const probeMs = 20_000;

/** Lets the broker take claims but confirm no outcomes, until the returned function is called. */
function refuseReports(broker: LaneBrokerDouble): () => void {
  const publish = broker.publishOutcomes.bind(broker);
  broker.publishOutcomes = () => Promise.reject(new BrokerUnavailable("not confirmed"));
  return () => {
    broker.publishOutcomes = publish;
  };
}

describe("outcomes", () => {
  it("of one moment travel in one message", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint()]);
    sender.answerAll();
    for (const deliveryId of [1, 2, 3]) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await clock.advance(batchWaitMs);
    expect(broker.publishedReports.map((report) => report.length)).toEqual([3]);
  });

  it("do not wait once fifty are together, and no message carries more", async () => {
    const { broker, sender } = await startDispatch([buildEndpoint({ window: 200, concurrency: 200 })]);
    sender.answerAll();
    for (let deliveryId = 1; deliveryId <= 120; deliveryId += 1) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await settle();
    expect(broker.publishedReports.map((report) => report.length)).toEqual([50, 50]);
  });

  it("are kept while the broker does not confirm them, and nothing is sent meanwhile", async () => {
    const { broker, sender, clock, observer, outcomes } = await startDispatch([
      buildEndpoint({ concurrency: 1 }),
    ]);
    const recover = refuseReports(broker);
    sender.answerAll();
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await clock.advance(batchWaitMs);
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await clock.advance(probeMs);
    expect(sender.posts).toHaveLength(1);
    expect(broker.unsettledClaimCount).toBe(2);
    expect(observer).toMatchObject({ unconfirmed: 1, isBlocked: true });

    recover();
    await clock.advance(probeMs);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1, 2]);
    expect(broker.unsettledClaimCount).toBe(0);
    expect(observer).toMatchObject({ unconfirmed: 0, isBlocked: false });
  });

  it("that arrive while blocked join those that wait", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint({ concurrency: 3 })]);
    const recover = refuseReports(broker);
    for (const deliveryId of [1, 2, 3]) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await settle();
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    sender.posts[1]?.answer(accepted);
    sender.posts[2]?.answer(accepted);
    await clock.advance(batchWaitMs);
    recover();
    await clock.advance(probeMs);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1, 2, 3]);
    expect(broker.publishedReports).toHaveLength(1);
  });

  it("that piled up travel in messages of fifty", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint({ window: 200, concurrency: 120 })]);
    const recover = refuseReports(broker);
    for (let deliveryId = 1; deliveryId <= 120; deliveryId += 1) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await settle();
    for (const request of sender.posts) {
      request.answer(accepted);
    }
    await clock.advance(batchWaitMs);
    recover();
    await clock.advance(probeMs);
    expect(broker.publishedReports.map((report) => report.length)).toEqual([50, 50, 20]);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("that fail for a fault of ours are logged as such and still kept", async () => {
    const { broker, sender, clock, lines, outcomes } = await startDispatch([buildEndpoint()]);
    const recover = refuseReports(broker);
    broker.publishOutcomes = () => Promise.reject(new TypeError("a bug"));
    sender.answerAll();
    await broker.publishClaim(buildClaim());
    await clock.advance(batchWaitMs);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "error", event: "reports.publish_crashed" }),
    );
    recover();
    await clock.advance(probeMs);
    expect(outcomes()).toHaveLength(1);
  });
});

describe("a message handed out again", () => {
  it("while its request is open is not sent twice, and its new copy is acknowledged", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint()]);
    await broker.publishClaim(buildClaim());
    await settle();
    broker.bounce();
    await settle();
    expect(sender.posts).toHaveLength(1);
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(1);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("after its outcome was confirmed is acknowledged without being sent", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
    sender.answerAll();
    const claim = buildClaim();
    await broker.publishClaim(claim);
    await clock.advance(batchWaitMs);
    await broker.publishClaim(claim);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(1);
    expect(outcomes()).toHaveLength(1);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("while it waits is sent once, and both live copies are acknowledged", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint({ concurrency: 1 })]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    sender.answerAll();
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(2);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("to another worker while it waited here is not sent from here", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint({ concurrency: 1 })]);
    const lane = { endpointId: 7, lane: "urgent" } as const;
    broker.handOut(buildClaim({ deliveryId: 1 }), lane);
    const lost = broker.handOut(buildClaim({ deliveryId: 2 }), lane);
    broker.handOut(buildClaim({ deliveryId: 3, webhookId: "third" }), lane);
    lost.isOurs = false;
    sender.answerAll();
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(2);
    expect(sender.posts[1]?.headers["webhook-id"]).toBe("third");
    // Should it come back to us after all, it is sent.
    broker.handOut(buildClaim({ deliveryId: 2 }), lane);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(3);
  });

  it("anew after a try that failed is sent: a person cancelled it meanwhile and pressed Retry", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
    sender.answerAll({ kind: "answered", statusCode: 422, retryAfter: undefined, excerpt: "" });
    const claim = buildClaim();
    await broker.publishClaim(claim);
    await clock.advance(batchWaitMs);
    sender.answerAll();
    await broker.publishClaim(claim);
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.decision.kind)).toEqual(["failed", "delivered"]);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("long after is sent, because Odoo may have missed the report", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint()]);
    sender.answerAll();
    const claim = buildClaim();
    await broker.publishClaim(claim);
    await clock.advance(batchWaitMs);
    await clock.advance(60_000);
    await broker.publishClaim(claim);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(2);
  });

  it("under the next attempt number is sent", async () => {
    const { broker, sender, clock } = await startDispatch([buildEndpoint()]);
    sender.answerAll();
    await broker.publishClaim(buildClaim({ attemptNumber: 1 }));
    await clock.advance(batchWaitMs);
    await broker.publishClaim(buildClaim({ attemptNumber: 2 }));
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(2);
  });
});
