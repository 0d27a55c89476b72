import { randomUUID } from "node:crypto";
import type { Claim, Endpoint, Outcome } from "../src/domain/delivery.ts";
import type { LogPort } from "../src/ports/log.ts";

export function buildClaim(shown: Partial<Claim> = {}): Claim {
  return {
    deliveryId: 1,
    attemptNumber: 1,
    scheduleStep: 1,
    endpointId: 7,
    lane: "urgent",
    webhookId: randomUUID(),
    eventType: "odoo.account.invoice.posted.v1",
    recordKey: "account.move,42",
    sequence: 123,
    recordedAt: "2026-11-20T08:31:54.123Z",
    body: '{"specversion":"1.0","data":{"name":"INV/2026/00001 \\u00fc €"}}',
    ...shown,
  };
}

export function buildOutcome(shown: Partial<Outcome> = {}): Outcome {
  return {
    deliveryId: 1,
    attemptNumber: 1,
    startedAt: "2026-11-20T08:31:55.000Z",
    durationMs: 12,
    statusCode: 200,
    responseExcerpt: "ok",
    decision: { kind: "delivered" },
    worker: "worker-1",
    ...shown,
  };
}

export function buildEndpoint(shown: Partial<Endpoint> = {}): Endpoint {
  return {
    id: 7,
    name: "Receiver",
    state: "active",
    url: "https://receiver.example/hooks",
    auth: { kind: "none" },
    tls: {},
    signingSecrets: ["whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"],
    timeoutMs: 15_000,
    concurrency: 4,
    window: 50,
    maxAttempts: 8,
    retryBaseS: 30,
    retryCapS: 21_600,
    retryAfterMaxS: 3600,
    allowedAddresses: [],
    ...shown,
  };
}

export interface RecordedLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that tests can read. */
export function recordLog(): { readonly log: LogPort; readonly lines: RecordedLine[] } {
  const lines: RecordedLine[] = [];
  const write =
    (level: RecordedLine["level"]) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, event, fields });
    };
  return {
    lines,
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
  };
}
