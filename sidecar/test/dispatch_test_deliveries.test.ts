/** Test deliveries: sent in every state of their endpoint but fenced, once, beside everything else. */
import { describe, expect, it } from "vitest";
import type { EndpointState } from "../src/domain/delivery.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { accepted } from "./doubles/sender_double.ts";

const testClaim = buildClaim({ isTest: true });

describe("a test delivery", () => {
  it.each<EndpointState>(["draft", "active", "paused", "stopped"])(
    "is sent to an endpoint that is %s, and told with its request",
    async (state) => {
      const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint({ state })]);
      sender.answerAll(accepted);
      await broker.publishClaim(testClaim);
      await clock.advance(batchWaitMs);
      expect(outcomes()).toMatchObject([
        {
          decision: { kind: "delivered" },
          request: {
            head: expect.stringContaining(`webhook-id: ${testClaim.webhookId}`),
            body: testClaim.body,
          },
        },
      ]);
    },
  );

  it("is not sent where the endpoint belongs to another database", async () => {
    const endpoint = buildEndpoint({ state: "draft" });
    const { dispatcher, broker, sender } = await startDispatch([endpoint]);
    dispatcher.applyEndpoints([{ ...endpoint, state: "fenced" }]);
    await broker.publishClaim(testClaim);
    await settle();
    expect(sender.posts).toHaveLength(0);
  });

  it("needs no slot: it overtakes an endpoint that hangs", async () => {
    const { broker, sender } = await startDispatch([buildEndpoint({ concurrency: 1 })]);
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await broker.publishClaim(buildClaim({ deliveryId: 3 }));
    await broker.publishClaim(testClaim);
    await settle();
    expect(sender.posts.map((post) => post.headers["webhook-id"])).toContain(testClaim.webhookId);
    expect(sender.posts).toHaveLength(2);
  });

  it("takes the slot of no other", async () => {
    const { broker, sender } = await startDispatch([buildEndpoint({ concurrency: 1 })]);
    await broker.publishClaim(testClaim);
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    expect(sender.posts).toHaveLength(2);
  });

  it("is not repeated by itself", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
    sender.answerAll({ kind: "answered", statusCode: 503, retryAfter: "1", excerpt: "" });
    await broker.publishClaim(testClaim);
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([{ decision: { kind: "failed", failureClass: "unavailable" } }]);
  });

  it("answered with 410 stops nothing", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
    await broker.publishClaim(testClaim);
    await settle();
    sender.posts[0]?.answer({ kind: "answered", statusCode: 410, retryAfter: undefined, excerpt: "" });
    await clock.advance(batchWaitMs);
    expect(outcomes()).toHaveLength(1);
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    expect(sender.posts).toHaveLength(2);
  });

  it("that waits goes back to Odoo when its endpoint is no longer listed", async () => {
    const { dispatcher, broker, clock, outcomes, share } = await startDispatch([buildEndpoint()]);
    share.isOurs = false;
    await broker.publishClaim(testClaim);
    await settle();
    dispatcher.applyEndpoints([]);
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([{ deliveryId: testClaim.deliveryId, statusCode: 0 }]);
  });
});

it("what is no test goes back from the lanes of a draft", async () => {
  const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint({ state: "draft" })]);
  await broker.publishClaim(buildClaim());
  await clock.advance(batchWaitMs);
  expect(outcomes()).toMatchObject([{ decision: { kind: "returned" } }]);
  expect(sender.posts).toHaveLength(0);
});

it("the request of a delivery that is no test is not told", async () => {
  const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
  sender.answerAll(accepted);
  await broker.publishClaim(buildClaim());
  await clock.advance(batchWaitMs);
  expect(outcomes()[0]).not.toHaveProperty("request");
});
