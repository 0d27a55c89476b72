/** Message bodies on our queues. What cannot be read here goes to `dead`, never to the endpoint. */
import * as z from "zod";
import type { Claim, Outcome } from "../../domain/delivery.ts";
import { claimEntry, describeMismatch, outcomeEntry, writeClaim, writeOutcome } from "../delivery_wire.ts";

export type Readable<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly reason: string };

const reportBody = z.object({ version: z.literal(1), outcomes: z.array(outcomeEntry) });

export function writeClaimBody(claim: Claim): Buffer {
  return Buffer.from(JSON.stringify(writeClaim(claim)));
}

export function readClaimBody(body: Buffer): Readable<Claim> {
  return readJson(claimEntry, body);
}

export function writeReportBody(outcomes: readonly Outcome[]): Buffer {
  return Buffer.from(JSON.stringify({ version: 1, outcomes: outcomes.map(writeOutcome) }));
}

export function readReportBody(body: Buffer): Readable<readonly Outcome[]> {
  const read = readJson(reportBody, body);
  return read.kind === "read" ? { kind: "read", value: read.value.outcomes } : read;
}

function readJson<T>(schema: z.ZodType<T>, body: Buffer): Readable<T> {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    return { kind: "unreadable", reason: "IM_MESSAGE_UNREADABLE: expected JSON, got something else" };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: "read", value: parsed.data };
  return { kind: "unreadable", reason: `IM_MESSAGE_UNREADABLE: ${describeMismatch(parsed.error)}` };
}
