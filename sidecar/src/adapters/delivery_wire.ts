/**
 * The JSON shapes of a claim and an outcome, in Odoo's answers as on our queues: a person who looks into a
 * queue sees what Odoo sees. snake_case outside, camelCase inside; `false` means "absent", because XML-RPC
 * has no null.
 */
import * as z from "zod";
import { type Claim, type Decision, failureClasses, type Outcome } from "../domain/delivery.ts";

export const id = z.int().positive();
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
/** Absent text arrives as `false` or an empty string. */
export const optionalText = z.union([z.string(), z.literal(false)]).transform((text) => text || "");

export const claimEntry = z
  .object({
    delivery_id: id,
    attempt_number: id,
    schedule_step: id,
    endpoint_id: id,
    lane: z.enum(["urgent", "batch"]),
    webhook_id: z.string().min(1),
    event_type: z.string().min(1),
    record_key: z.string().min(1),
    sequence: z.int().nonnegative(),
    recorded_at: instant,
    send_before: instant.optional(),
    mapping: z.string().min(1).optional(),
    is_test: z.boolean().optional(),
    body: z.string().min(1),
  })
  .transform(
    (entry): Claim => ({
      deliveryId: entry.delivery_id,
      attemptNumber: entry.attempt_number,
      scheduleStep: entry.schedule_step,
      endpointId: entry.endpoint_id,
      lane: entry.lane,
      webhookId: entry.webhook_id,
      eventType: entry.event_type,
      recordKey: entry.record_key,
      sequence: entry.sequence,
      recordedAt: entry.recorded_at,
      ...(entry.send_before === undefined ? {} : { sendBefore: entry.send_before }),
      ...(entry.mapping === undefined ? {} : { mapping: entry.mapping }),
      ...(entry.is_test ? { isTest: true } : {}),
      body: entry.body,
    }),
  );

export function writeClaim(claim: Claim): z.input<typeof claimEntry> {
  return {
    delivery_id: claim.deliveryId,
    attempt_number: claim.attemptNumber,
    schedule_step: claim.scheduleStep,
    endpoint_id: claim.endpointId,
    lane: claim.lane,
    webhook_id: claim.webhookId,
    event_type: claim.eventType,
    record_key: claim.recordKey,
    sequence: claim.sequence,
    recorded_at: claim.recordedAt,
    ...(claim.sendBefore === undefined ? {} : { send_before: claim.sendBefore }),
    ...(claim.mapping === undefined ? {} : { mapping: claim.mapping }),
    ...(claim.isTest ? { is_test: true } : {}),
    body: claim.body,
  };
}

export const outcomeEntry = z
  .object({
    delivery_id: id,
    attempt_number: id,
    result: z.enum(["delivered", "retry", "failed", "returned"]),
    started_at: instant,
    duration_ms: z.int().nonnegative(),
    status_code: z.int().nonnegative(),
    failure_class: z.union([z.enum(failureClasses), z.literal(false)]),
    error: optionalText,
    response_excerpt: optionalText,
    retry_delay_s: z.number().nonnegative(),
    stop_endpoint: z.boolean(),
    worker: z.string(),
    send_before: instant.optional(),
    request_head: z.string().optional(),
    request_body: z.string().optional(),
  })
  .transform((entry, context): Outcome => {
    const decision = readDecision(entry);
    if (decision === undefined) {
      context.addIssue({ code: "custom", path: ["failure_class"], message: `missing for ${entry.result}` });
      return z.NEVER;
    }
    return {
      deliveryId: entry.delivery_id,
      attemptNumber: entry.attempt_number,
      startedAt: entry.started_at,
      durationMs: entry.duration_ms,
      statusCode: entry.status_code,
      responseExcerpt: entry.response_excerpt,
      decision,
      worker: entry.worker,
      ...(entry.send_before === undefined ? {} : { sendBefore: entry.send_before }),
      ...(entry.request_head === undefined
        ? {}
        : { request: { head: entry.request_head, body: entry.request_body ?? "" } }),
    };
  });

function readDecision(entry: {
  result: Decision["kind"];
  failure_class: (typeof failureClasses)[number] | false;
  error: string;
  retry_delay_s: number;
  stop_endpoint: boolean;
}): Decision | undefined {
  if (entry.result === "delivered" || entry.result === "returned") return { kind: entry.result };
  if (entry.failure_class === false) return undefined;
  const failure = { failureClass: entry.failure_class, error: entry.error };
  return entry.result === "retry"
    ? { kind: "retry", ...failure, retryDelayS: entry.retry_delay_s }
    : { kind: "failed", ...failure, stopEndpoint: entry.stop_endpoint };
}

export function writeOutcome(outcome: Outcome): z.input<typeof outcomeEntry> {
  const { decision } = outcome;
  const failure = decision.kind === "retry" || decision.kind === "failed" ? decision : undefined;
  return {
    delivery_id: outcome.deliveryId,
    attempt_number: outcome.attemptNumber,
    result: decision.kind,
    started_at: outcome.startedAt,
    duration_ms: Math.round(outcome.durationMs),
    status_code: outcome.statusCode,
    failure_class: failure?.failureClass ?? false,
    error: failure === undefined ? false : toStorableText(failure.error),
    response_excerpt: outcome.responseExcerpt === "" ? false : toStorableText(outcome.responseExcerpt),
    retry_delay_s: decision.kind === "retry" ? decision.retryDelayS : 0,
    stop_endpoint: decision.kind === "failed" && decision.stopEndpoint,
    worker: outcome.worker,
    ...(outcome.sendBefore === undefined ? {} : { send_before: outcome.sendBefore }),
    ...(outcome.request === undefined
      ? {}
      : {
          request_head: toStorableText(outcome.request.head),
          request_body: toStorableText(outcome.request.body),
        }),
  };
}

/**
 * A receiver answers with any bytes. PostgreSQL refuses U+0000 in text and XML 1.0 refuses most control
 * characters, U+FFFE, U+FFFF and lone surrogates: one odd answer must not block the reports of others.
 */
export function toStorableText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced here
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}

/** "claims.0.lane: Invalid option": where an answer differs from the contract, without its values. */
export function describeMismatch(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? "unknown" : `${issue.path.join(".") || "answer"}: ${issue.message}`;
}
