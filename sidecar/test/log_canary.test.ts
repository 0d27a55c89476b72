/** What the sidecar is told in confidence appears in no log line, whichever way an attempt ends. */
import { expect, it, vi } from "vitest";
import { systemClock } from "../src/adapters/system_clock.ts";
import type { Answer } from "../src/domain/delivery.ts";
import { attemptDelivery } from "../src/pipeline/dispatch_attempt.ts";
import { buildClaim, buildEndpoint, recordLog } from "./builders.ts";
import { openAmqpSender } from "./doubles/amqp_stage.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";
import { MapperDouble } from "./doubles/mapper_double.ts";
import { ObserverDouble } from "./doubles/observer_double.ts";
import { cleanUpAfterEach } from "./doubles/sender_stage.ts";
import { eventBody, startReceiverBroker } from "./support/receiver_broker.ts";

cleanUpAfterEach();

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
  ["a broker refuses", { kind: "replied", reply: { code: 404, text: `NOT_FOUND - ${canary}` } }],
  ["a broker puts off", { kind: "replied", reply: { code: "connection.blocked", text: canary } }],
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

it("an attempt whose mapping is wrong logs neither its reason nor the expression", async () => {
  const { broker, mapper, clock, lines, outcomes } = await startDispatch([buildEndpoint()]);
  mapper.answer = () => ({ kind: "refused", reason: canary, cause: "event" });
  await broker.publishClaim(buildClaim({ mapping: `$error("${canary}")` }));
  await clock.advance(batchWaitMs);
  expect(outcomes()).toMatchObject([{ decision: { kind: "failed", failureClass: "mapping" } }]);
  expect(JSON.stringify(lines)).toContain('"failure_class":"mapping"');
  expect(JSON.stringify(lines)).not.toContain(canary);
});

it("an attempt over AMQP logs none of it, and neither message nor answer holds the password", async () => {
  const broker = await startReceiverBroker();
  const endpoints = [
    broker.endpoint({ id: 7, name: canary }),
    broker.endpoint({ id: 8, auth: { kind: "basic", username: "nobody", secret: canary } }),
    broker.endpoint({ id: 9, url: `amqp://${canary}:${canary}@127.0.0.1/` }),
  ];
  const sender = openAmqpSender();
  const { log, lines } = recordLog();
  const parts = {
    mapper: new MapperDouble(),
    sender,
    clock: systemClock,
    log,
    observer: new ObserverDouble(),
  };
  const outcomes = await Promise.all(
    endpoints.map((endpoint) =>
      attemptDelivery(
        buildClaim({ endpointId: endpoint.id, body: eventBody.toString() }),
        endpoint,
        { ...parts, worker: "worker-1", version: "0.1.0" },
        new AbortController().signal,
      ),
    ),
  );
  expect(outcomes.map((outcome) => outcome?.decision.kind)).toEqual(["delivered", "failed", "failed"]);
  await vi.waitUntil(() => broker.messages.length === 1);
  for (const text of [canary, broker.auth.secret]) {
    expect(JSON.stringify(lines)).not.toContain(text);
    expect(JSON.stringify(outcomes)).not.toContain(text);
    expect(JSON.stringify(broker.messages[0]?.properties)).not.toContain(text);
  }
});
