/** Several copies of one attempt: which one is sent, and which ones leave the road. */
import { describe, expect, it } from "vitest";
import { OdooTime } from "../src/pipeline/odoo_time.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { ClockDouble, settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { accepted } from "./doubles/sender_double.ts";

describe("a copy of an attempt that was given back", () => {
  const first = "2026-11-20T08:43:54.000Z";

  async function giveBackThenHandOut(sendBefore: string) {
    const endpoint = buildEndpoint();
    const { dispatcher, broker, sender, clock } = await startDispatch([{ ...endpoint, state: "paused" }]);
    await broker.publishClaim(buildClaim({ sendBefore: first }));
    await clock.advance(batchWaitMs);
    dispatcher.applyEndpoints([endpoint]);
    await settle();
    broker.handOut(buildClaim({ sendBefore }), { endpointId: 7, lane: "urgent" }, true);
    await settle();
    return sender.posts.length;
  }

  it("is sent when it is a fresh one, although another worker had it first", async () => {
    expect(await giveBackThenHandOut("2026-11-20T08:43:59.000Z")).toBe(1);
  });

  it("is not sent when it is the same one again", async () => {
    expect(await giveBackThenHandOut(first)).toBe(0);
  });
});

describe("a copy that Odoo may have given out anew", () => {
  const sendBefore = "2026-11-20T08:43:54.000Z";

  it("is not sent, and leaves the road without an outcome", async () => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { broker, sender, clock, outcomes, lines } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1, sendBefore }));
    await broker.publishClaim(buildClaim({ deliveryId: 2, sendBefore }));
    await settle();
    await clock.advance(12 * 60_000);
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(1);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1]);
    expect(broker.unsettledClaimCount).toBe(0);
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "delivery.copy_outdated",
        fields: expect.objectContaining({ delivery_id: 2 }),
      }),
    );
  });

  it("leaves its place to the newer copy", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
    sender.answerAll();
    await broker.publishClaim(buildClaim({ sendBefore: "2026-11-20T08:31:00.000Z" }));
    await broker.publishClaim(buildClaim({ sendBefore }));
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(1);
    expect(outcomes()).toHaveLength(1);
  });

  it.each([
    ["after", ["2026-11-20T08:31:57.000Z", sendBefore]],
    ["before", [sendBefore, "2026-11-20T08:31:57.000Z"]],
  ])("does not take the newer copy with it that came %s it", async (_, instants) => {
    const endpoint = buildEndpoint({ concurrency: 1 });
    const { broker, sender, clock } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    for (const instant of instants) {
      await broker.publishClaim(buildClaim({ deliveryId: 2, sendBefore: instant }));
      await settle();
    }
    await clock.advance(5_000);
    sender.answerAll();
    sender.posts[0]?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(2);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("is judged by Odoo's clock, not by ours", () => {
    const clock = new ClockDouble("2026-11-20T08:00:00.000Z");
    const odooTime = new OdooTime(clock);
    odooTime.note("2026-11-20T08:43:50.000Z");
    expect(odooTime.hasReached(sendBefore)).toBe(false);
    odooTime.note("2026-11-20T08:43:54.000Z");
    expect(odooTime.hasReached(sendBefore)).toBe(true);
  });
});
