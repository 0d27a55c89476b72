import { describe, expect, it } from "vitest";
import type { Answer } from "../src/domain/delivery.ts";
import { verifySignature } from "../src/domain/signature_check.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { accepted } from "./doubles/sender_double.ts";

function answered(statusCode: number, excerpt = ""): Answer {
  return { kind: "answered", statusCode, retryAfter: undefined, excerpt };
}

describe("a delivery", () => {
  it("is sent signed, reported, and only then acknowledged", async () => {
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
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
    const { broker, sender, clock, outcomes } = await startDispatch([buildEndpoint()]);
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
    const { broker, sender, clock, outcomes } = await startDispatch([endpoint]);
    await broker.publishClaim(buildClaim());
    await clock.advance(batchWaitMs);
    expect(sender.posts).toHaveLength(0);
    expect(outcomes()).toMatchObject([{ decision: { kind: "failed", failureClass: "configuration" } }]);
  });

  it("whose sender crashes goes to a person instead of circling", async () => {
    const { broker, sender, clock, outcomes, lines } = await startDispatch([buildEndpoint()]);
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
    const { broker, sender, clock, observer, lines } = await startDispatch([
      buildEndpoint({ auth: { kind: "bearer", secret: "hush" } }),
    ]);
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
