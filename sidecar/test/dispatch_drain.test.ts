import { describe, expect, it } from "vitest";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { accepted } from "./doubles/sender_double.ts";

describe("drain", () => {
  it("starts nothing more, and waits for answers and confirmations", async () => {
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch([
      buildEndpoint({ concurrency: 1 }),
    ]);
    await broker.publishClaim(buildClaim({ deliveryId: 1 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2 }));
    await settle();
    let isDrained = false;
    const drained = dispatcher.drain(new AbortController().signal).then(() => {
      isDrained = true;
    });
    await settle();
    sender.posts[0]?.answer(accepted);
    await settle();
    expect(isDrained).toBe(false);
    await clock.advance(batchWaitMs);
    await drained;
    expect(sender.posts).toHaveLength(1);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([1]);
    expect(broker.openLanes.size).toBe(0);
    expect(clock.sleeperCount).toBe(0);
  });

  it("cuts what is still open at its deadline, and leaves it to another worker", async () => {
    const { dispatcher, broker, sender, outcomes, lines } = await startDispatch([buildEndpoint()]);
    await broker.publishClaim(buildClaim());
    await settle();
    const deadline = new AbortController();
    const drained = dispatcher.drain(deadline.signal);
    await settle();
    deadline.abort();
    await drained;
    expect(sender.openCount).toBe(0);
    expect(outcomes()).toEqual([]);
    expect(broker.unsettledClaimCount).toBe(1);
    expect(lines.map((line) => line.event)).toContain("delivery.abandoned");
  });

  it("ends at its deadline although the broker confirms nothing", async () => {
    const { dispatcher, broker, sender, clock } = await startDispatch([buildEndpoint()]);
    sender.answerAll();
    await broker.publishClaim(buildClaim());
    await settle();
    broker.disconnect();
    await clock.advance(batchWaitMs);
    const deadline = new AbortController();
    const drained = dispatcher.drain(deadline.signal);
    deadline.abort();
    await drained;
    expect(clock.sleeperCount).toBe(0);
  });
});
