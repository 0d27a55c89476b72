import { describe, expect, it } from "vitest";
import type { Answer, Endpoint } from "../src/domain/delivery.ts";
import { verifySignature } from "../src/domain/signature_check.ts";
import { Dispatcher } from "../src/pipeline/dispatch.ts";
import { buildClaim, buildEndpoint, recordLog } from "./builders.ts";
import { ClockDouble, settle } from "./doubles/clock_double.ts";
import { LaneBrokerDouble } from "./doubles/lane_broker_double.ts";
import { ObserverDouble } from "./doubles/observer_double.ts";
import { accepted, SenderDouble } from "./doubles/sender_double.ts";

/** Longer than outcomes wait for company. */
const batchWaitMs = 10;

async function startDispatch(...endpoints: readonly Endpoint[]) {
  const broker = new LaneBrokerDouble();
  const sender = new SenderDouble();
  const clock = new ClockDouble();
  const observer = new ObserverDouble();
  const { log, lines } = recordLog();
  const dispatcher = new Dispatcher({
    broker,
    sender,
    clock,
    observer,
    log,
    worker: "worker-1",
    version: "0.1.0",
  });
  dispatcher.applyEndpoints(endpoints);
  await settle();
  const outcomes = () => broker.publishedReports.flat();
  return { dispatcher, broker, sender, clock, observer, lines, outcomes };
}

function answered(statusCode: number, excerpt = ""): Answer {
  return { kind: "answered", statusCode, retryAfter: undefined, excerpt };
}

describe("a delivery", () => {
  it("is sent signed, reported, and only then acknowledged", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch(buildEndpoint());
    const claim = buildClaim();
    await broker.publishClaim(claim);
    await settle();
    const [request] = sender.posts;
    expect(request?.body).toBe(claim.body);
    const signed = { headers: request?.headers ?? {}, body: Buffer.from(claim.body) };
    expect(verifySignature(buildEndpoint().signingSecrets, signed, clock.now())).toEqual({ isValid: true });

    await clock.advance(250);
    request?.answer(accepted);
    await settle();
    expect(outcomes()).toEqual([]);
    expect(broker.unsettledClaimCount).toBe(1);

    await clock.advance(batchWaitMs);
    expect(outcomes()).toEqual([
      {
        deliveryId: claim.deliveryId,
        attemptNumber: 1,
        startedAt: "2026-11-20T08:31:55.000Z",
        durationMs: 250,
        statusCode: 200,
        responseExcerpt: "ok",
        decision: { kind: "delivered" },
        worker: "worker-1",
      },
    ]);
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("that is refused is reported with the endpoint's words", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch(buildEndpoint());
    sender.answerAll(answered(422, "VAT id missing"));
    await broker.publishClaim(buildClaim());
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([
      {
        statusCode: 422,
        responseExcerpt: "VAT id missing",
        decision: { kind: "failed", error: 'The endpoint refused the data (HTTP 422): "VAT id missing"' },
      },
    ]);
  });

  it("to unusable settings is reported as their fault, without a request", async () => {
    const endpoint = buildEndpoint({ auth: { kind: "bearer", secret: "a\r\nb" } });
    const { broker, sender, clock, outcomes } = await startDispatch(endpoint);
    await broker.publishClaim(buildClaim());
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(0);
    expect(outcomes()).toMatchObject([{ decision: { kind: "failed", failureClass: "configuration" } }]);
  });

  it("whose sender crashes goes to a person instead of circling", async () => {
    const { broker, sender, clock, outcomes, lines } = await startDispatch(buildEndpoint());
    sender.post = () => Promise.reject(new Error("a bug"));
    await broker.publishClaim(buildClaim());
    await clock.advance(batchWaitMs);
    expect(outcomes()).toMatchObject([{ decision: { kind: "failed", failureClass: "poison" } }]);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "error", event: "delivery.attempt_crashed" }),
    );
    expect(broker.unsettledClaimCount).toBe(0);
  });

  it("leaves one wide log line and one measurement, without payload, secret or answer text", async () => {
    const { broker, sender, clock, observer, lines } = await startDispatch(
      buildEndpoint({ auth: { kind: "bearer", secret: "hush" } }),
    );
    await broker.publishClaim(buildClaim({ body: '{"patient":"Doe"}' }));
    await settle();
    await clock.advance(100);
    sender.posts[0]?.answer(answered(503, "Doe is unknown"));
    await settle();
    const attempted = lines.filter((line) => line.event === "delivery.attempted");
    expect(attempted).toMatchObject([
      {
        level: "info",
        fields: {
          delivery_id: 1,
          attempt_number: 1,
          endpoint_id: 7,
          lane: "urgent",
          result: "retry",
          status_code: 503,
          failure_class: "unavailable",
          duration_ms: 100,
          lag_ms: 977,
        },
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/Doe|hush|whsec_/);
    expect(observer.attempts).toEqual([
      {
        endpointId: 7,
        lane: "urgent",
        result: "retry",
        failureClass: "unavailable",
        durationMs: 100,
        lagMs: 977,
      },
    ]);
  });
});

describe("concurrency", () => {
  it("is bounded per endpoint, and urgent goes before batch", async () => {
    const { broker, sender, observer } = await startDispatch(buildEndpoint({ concurrency: 2 }));
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
    const { broker, sender, outcomes } = await startDispatch(buildEndpoint({ concurrency: 1 }));
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
    const { broker, sender, clock, outcomes } = await startDispatch(stuck, buildEndpoint({ id: 8 }));
    await broker.publishClaim(buildClaim({ deliveryId: 1, endpointId: 7 }));
    await broker.publishClaim(buildClaim({ deliveryId: 2, endpointId: 7 }));
    await broker.publishClaim(buildClaim({ deliveryId: 3, endpointId: 8 }));
    await settle();
    sender.posts.find((request) => request.endpoint.id === 8)?.answer(accepted);
    await clock.advance(batchWaitMs);
    expect(outcomes().map((outcome) => outcome.deliveryId)).toEqual([3]);
  });

  it("follows new settings", async () => {
    const { dispatcher, broker, sender } = await startDispatch(buildEndpoint({ concurrency: 1 }));
    for (const deliveryId of [1, 2, 3]) {
      await broker.publishClaim(buildClaim({ deliveryId }));
    }
    await settle();
    dispatcher.applyEndpoints([buildEndpoint({ concurrency: 3 })]);
    await settle();
    expect(sender.openCount).toBe(3);
  });
});

describe("drain", () => {
  it("starts nothing more, and waits for answers and confirmations", async () => {
    const { dispatcher, broker, sender, clock, outcomes } = await startDispatch(
      buildEndpoint({ concurrency: 1 }),
    );
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
    const { dispatcher, broker, sender, outcomes, lines } = await startDispatch(buildEndpoint());
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
    const { dispatcher, broker, sender, clock } = await startDispatch(buildEndpoint());
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
