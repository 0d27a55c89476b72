/** What the sidecar is told in confidence appears in no log line, whichever way an attempt ends. */
import { expect, it } from "vitest";
import type { Answer } from "../src/domain/delivery.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";

const canary = "CANARY";
/** Signs, and carries the canary in plain and in base64. */
const secret = `whsec_${Buffer.from(`${canary}-${"x".repeat(24)}`).toString("base64")}`;

const answers: readonly (readonly [string, Answer])[] = [
  ["delivers", { kind: "answered", statusCode: 200, retryAfter: undefined, excerpt: canary }],
  [
    "is refused",
    { kind: "answered", statusCode: 422, retryAfter: canary, excerpt: `{"detail":"${canary}"}` },
  ],
  ["is retried", { kind: "answered", statusCode: 503, retryAfter: canary, excerpt: canary }],
  ["stops the endpoint", { kind: "answered", statusCode: 410, retryAfter: undefined, excerpt: canary }],
  ["breaks", { kind: "broken", failureClass: "tls", error: `certificate of ${canary}` }],
];

it.each(answers)("an attempt that %s logs no secret, payload, name or address", async (_how, answer) => {
  const { broker, sender, clock, lines, outcomes } = await startDispatch([
    buildEndpoint({
      name: canary,
      url: `https://receiver.example/${canary}?key=${canary}`,
      auth: { kind: "basic", username: canary, secret: canary },
      signingSecrets: [secret],
    }),
  ]);
  sender.answerAll(answer);
  await broker.publishClaim(buildClaim({ body: `{"data":{"name":"${canary}"}}` }));
  await clock.advance(batchWaitMs);
  expect(outcomes()).toHaveLength(1);
  const written = JSON.stringify(lines);
  expect(written).toContain("delivery.attempted");
  for (const text of [
    canary,
    secret,
    secret.slice(6),
    Buffer.from(`${canary}:${canary}`).toString("base64"),
  ]) {
    expect(written).not.toContain(text);
  }
});

it("an attempt that cannot be signed, or goes to nobody, logs none of it either", async () => {
  const { broker, clock, lines, outcomes } = await startDispatch([
    buildEndpoint({ name: canary, signingSecrets: [`whsec_${canary}`] }),
  ]);
  const body = `{"data":{"name":"${canary}"}}`;
  await broker.publishClaim(buildClaim({ body }));
  broker.handOut(buildClaim({ deliveryId: 2, endpointId: 8, body }), { endpointId: 7, lane: "urgent" });
  await clock.advance(batchWaitMs);
  expect(outcomes()).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain(canary);
});
