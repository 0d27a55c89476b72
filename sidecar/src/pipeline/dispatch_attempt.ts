/** One try of one delivery: map, sign, post, decide. The result is the outcome that goes back to Odoo. */
import { randomUUID } from "node:crypto";
import { describeReply, readReplyCode } from "../domain/broker_reply.ts";
import type { Answer, AttemptDecision, Claim, Endpoint, Outcome, RequestTold } from "../domain/delivery.ts";
import { phraseRefusal } from "../domain/mapping_refusal.ts";
import { type BrokenAnswer, buildRequestHeaders } from "../domain/request_headers.ts";
import { tellRequest } from "../domain/request_told.ts";
import { decide } from "../domain/retry_policy.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import type { MapperPort } from "../ports/mapper.ts";
import type { DispatchObserver } from "../ports/observer.ts";
import type { SenderPort } from "../ports/sender.ts";

export interface AttemptParts {
  readonly mapper: MapperPort;
  readonly sender: SenderPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly observer: DispatchObserver;
  /** Our name in outcomes. */
  readonly worker: string;
  /** Our version in `user-agent`. */
  readonly version: string;
}

/**
 * Undefined when `signal` stopped the try before an answer: nobody knows what the endpoint did, so the message stays
 * unacknowledged and the broker hands it to the next worker under the same attempt number.
 */
export async function attemptDelivery(
  claim: Claim,
  endpoint: Endpoint,
  parts: AttemptParts,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const startedAt = parts.clock.now();
  const { answer, request } = await exchange(claim, endpoint, parts, signal);
  const endedAt = parts.clock.now();
  if (signal.aborted && answer.kind === "broken") {
    parts.log.warn("delivery.abandoned", identify(claim));
    return undefined;
  }
  const outcome = {
    deliveryId: claim.deliveryId,
    attemptNumber: claim.attemptNumber,
    startedAt: startedAt.toISOString(),
    durationMs: Math.max(0, endedAt.getTime() - startedAt.getTime()),
    ...readEvidence(answer),
    decision: decide(answer, claim, allowTries(claim, endpoint), endedAt, parts.clock.random()),
    worker: parts.worker,
    ...(request === undefined ? {} : { request }),
  } satisfies Outcome;
  tellAttempt(claim, outcome, endedAt, parts);
  return outcome;
}

/** A person watches a test and may send another: it is not repeated by itself. */
function allowTries(claim: Claim, endpoint: Endpoint): Endpoint {
  return claim.isTest ? { ...endpoint, maxAttempts: 1 } : endpoint;
}

/** What every log line about a delivery carries. Ids only: names and texts may be personal data. */
export function identify(claim: Claim): Readonly<Record<string, string | number>> {
  return {
    delivery_id: claim.deliveryId,
    attempt_number: claim.attemptNumber,
    endpoint_id: claim.endpointId,
    lane: claim.lane,
    webhook_id: claim.webhookId,
    event_type: claim.eventType,
    record_key: claim.recordKey,
  };
}

/** What is kept of the answer, besides the decision. */
function readEvidence(answer: Answer): Pick<Outcome, "statusCode" | "responseExcerpt"> {
  switch (answer.kind) {
    case "answered":
      return { statusCode: answer.statusCode, responseExcerpt: answer.excerpt };
    case "replied":
      return { statusCode: readReplyCode(answer.reply), responseExcerpt: describeReply(answer.reply) };
    case "broken":
      return { statusCode: 0, responseExcerpt: "" };
  }
}

async function exchange(
  claim: Claim,
  endpoint: Endpoint,
  parts: AttemptParts,
  signal: AbortSignal,
): Promise<{ readonly answer: Answer; readonly request?: RequestTold }> {
  try {
    const content = await readContent(claim, parts.mapper, signal);
    if (content.kind === "broken") return { answer: content };
    const { body, event } = content;
    const request = buildRequestHeaders(claim, body, endpoint, parts.clock.now(), parts.version);
    if (request.kind === "refused") return { answer: request.answer };
    const answer = await parts.sender.post(endpoint, request.headers, body, signal, event);
    return claim.isTest
      ? { answer, request: tellRequest(endpoint, request.headers, body.toString("utf8")) }
      : { answer };
  } catch (error) {
    if (signal.aborted) {
      return { answer: { kind: "broken", failureClass: "reset", error: "the service stopped" } };
    }
    // No part throws for anything outside: this is our bug, or a machine that starts no process. The delivery
    // goes to a person instead of circling between broker and worker for ever.
    const incident = randomUUID();
    parts.log.error("delivery.attempt_crashed", {
      ...identify(claim),
      incident,
      error: describeError(error),
    });
    const text = `internal error of the service, incident ${incident}`;
    return { answer: { kind: "broken", failureClass: "poison", error: text } };
  }
}

/** What is sent. Without a mapping these are, byte for byte, the ones that Odoo rendered. */
async function readContent(
  claim: Claim,
  mapper: MapperPort,
  signal: AbortSignal,
): Promise<{ readonly kind: "read"; readonly body: Buffer; readonly event: Buffer } | BrokenAnswer> {
  const event = Buffer.from(claim.body, "utf8");
  if (claim.mapping === undefined) return { kind: "read", body: event, event };
  const outcome = await mapper.apply(claim.mapping, claim.body, signal);
  return outcome.kind === "mapped"
    ? { kind: "read", body: Buffer.from(outcome.body, "utf8"), event }
    : { kind: "broken", failureClass: "mapping", error: phraseRefusal(outcome) };
}

function tellAttempt(
  claim: Claim,
  outcome: Outcome & { readonly decision: AttemptDecision },
  endedAt: Date,
  parts: AttemptParts,
): void {
  const { decision, durationMs } = outcome;
  const lagMs = Math.max(0, endedAt.getTime() - Date.parse(claim.recordedAt)) || 0;
  const failureClass = decision.kind === "delivered" ? undefined : decision.failureClass;
  parts.log.info("delivery.attempted", {
    ...identify(claim),
    schedule_step: claim.scheduleStep,
    result: decision.kind,
    status_code: outcome.statusCode,
    duration_ms: durationMs,
    lag_ms: lagMs,
    // A field without a value is not in the line.
    failure_class: failureClass,
    retry_delay_s: decision.kind === "retry" ? decision.retryDelayS : undefined,
  });
  parts.observer.countAttempt({
    endpointId: claim.endpointId,
    lane: claim.lane,
    result: decision.kind,
    failureClass,
    durationMs,
    lagMs,
  });
}
