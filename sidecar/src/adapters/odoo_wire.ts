/** The answers of Odoo's door (`integration.sidecar`), parsed at the edge and trusted inside. */
import * as z from "zod";
import type { AmqpTarget, Endpoint, EndpointTls } from "../domain/delivery.ts";
import type { WorkerStanding } from "../domain/worker_share.ts";
import type { ParkedMessage } from "../ports/broker.ts";
import type { ClaimBatch, Handshake, ParkResult, ReportResult } from "../ports/odoo.ts";
import { claimEntry, id, instant, optionalText, toStorableText } from "./delivery_wire.ts";

const standingEntry = z
  .object({ count: id, index: z.int().nonnegative(), roll: z.string().min(1), is_settled: z.boolean() })
  .refine(({ count, index }) => index < count, { error: "index must be less than count" })
  .transform(
    ({ count, index, roll, is_settled }): WorkerStanding => ({ count, index, roll, isSettled: is_settled }),
  );

export const handshakeAnswer = z
  .object({
    database_uuid: optionalText,
    environment_uuid: z.uuid(),
    database: z.string().min(1),
    odoo_version: z.string(),
    is_neutralized: z.boolean(),
    wake_channel: z.string().min(1),
    endpoint_revision: z.int(),
    limits: z.object({ claim_limit: id, lease_s: id, share_s: id }),
    workers: z.union([standingEntry, z.literal(false)]),
    takes_broker_state: z.boolean().default(false),
    server_time: instant,
  })
  .transform(
    (answer): Handshake => ({
      databaseUuid: answer.database_uuid,
      environmentUuid: answer.environment_uuid,
      database: answer.database,
      odooVersion: answer.odoo_version,
      isNeutralized: answer.is_neutralized,
      wakeChannel: answer.wake_channel,
      endpointRevision: answer.endpoint_revision,
      claimLimit: answer.limits.claim_limit,
      leaseS: answer.limits.lease_s,
      shareS: answer.limits.share_s,
      workers: answer.workers === false ? undefined : answer.workers,
      takesBrokerState: answer.takes_broker_state,
      serverTime: answer.server_time,
    }),
  );

const oauthEntry = z.object({
  token_url: optionalText,
  client_id: optionalText,
  client_auth: z.enum(["basic", "body"]),
  scope: optionalText,
  audience: optionalText,
});

const tlsEntry = z.object({ ca: optionalText, certificate: optionalText, key: optionalText }).transform(
  ({ ca, certificate, key }): EndpointTls => ({
    ...(ca === "" ? {} : { ca }),
    ...(certificate === "" || key === "" ? {} : { client: { certificate, key } }),
  }),
);

const amqpEntry = z
  .object({ exchange: optionalText, routing_key: optionalText })
  .transform(({ exchange, routing_key }): AmqpTarget => ({ exchange, routingKey: routing_key }));

const endpointEntry = z
  .object({
    id,
    name: z.string(),
    state: z.enum(["draft", "active", "paused", "stopped", "fenced"]),
    kind: z.enum(["http", "amqp"]),
    amqp: z.union([amqpEntry, z.literal(false)]).optional(),
    url: optionalText,
    auth: z.object({
      kind: z.enum(["none", "header", "basic", "bearer", "oauth2", "mtls"]),
      header_name: optionalText.optional(),
      username: optionalText.optional(),
      secret: optionalText.optional(),
      oauth: z.union([oauthEntry, z.literal(false)]).optional(),
    }),
    tls: tlsEntry.optional(),
    signing_secrets: z.array(z.string()),
    timeout_ms: id,
    concurrency: id,
    window: id,
    max_attempts: id,
    retry_base_s: z.number().nonnegative(),
    retry_cap_s: z.number().nonnegative(),
    retry_after_max_s: z.number().nonnegative(),
    allowed_addresses: z.array(z.string()),
  })
  .transform(
    (entry): Endpoint => ({
      id: entry.id,
      name: entry.name,
      state: entry.state,
      url: entry.url,
      ...(entry.kind === "amqp" ? { amqp: readAmqp(entry.amqp) } : {}),
      auth: readAuth(entry.auth),
      tls: entry.tls ?? {},
      signingSecrets: entry.signing_secrets,
      timeoutMs: entry.timeout_ms,
      concurrency: entry.concurrency,
      window: entry.window,
      maxAttempts: entry.max_attempts,
      retryBaseS: entry.retry_base_s,
      retryCapS: entry.retry_cap_s,
      retryAfterMaxS: entry.retry_after_max_s,
      allowedAddresses: entry.allowed_addresses,
    }),
  );

function readAmqp(target: AmqpTarget | false | undefined): AmqpTarget {
  return target || { exchange: "", routingKey: "" };
}

function readAuth(auth: {
  kind: Endpoint["auth"]["kind"];
  header_name?: string | undefined;
  username?: string | undefined;
  secret?: string | undefined;
  oauth?: z.output<typeof oauthEntry> | false | undefined;
}): Endpoint["auth"] {
  const secret = auth.secret ?? "";
  switch (auth.kind) {
    case "none":
      return { kind: "none" };
    case "header":
      return { kind: "header", headerName: auth.header_name ?? "", secret };
    case "basic":
      return { kind: "basic", username: auth.username ?? "", secret };
    case "bearer":
      return { kind: "bearer", secret };
    case "mtls":
      return { kind: "mtls" };
    case "oauth2":
      return {
        kind: "oauth2",
        tokenUrl: auth.oauth ? auth.oauth.token_url : "",
        clientId: auth.oauth ? auth.oauth.client_id : "",
        secret,
        clientAuth: auth.oauth ? auth.oauth.client_auth : "basic",
        scope: auth.oauth ? auth.oauth.scope : "",
        audience: auth.oauth ? auth.oauth.audience : "",
      };
  }
}

export const endpointsAnswer = z.object({
  revision: z.int(),
  changed: z.boolean(),
  endpoints: z.array(endpointEntry),
});

export const claimAnswer = z
  .object({
    /** In answers, a claim's mapping is a key of `mappings`. */
    claims: z.array(claimEntry),
    mappings: z.record(z.string(), z.string().min(1)).optional(),
    next_due_at: z.union([instant, z.literal(false)]),
    endpoint_revision: z.int(),
    server_time: instant,
  })
  .transform(
    (answer, context): ClaimBatch => ({
      claims: answer.claims.map((claim) => {
        if (claim.mapping === undefined) return claim;
        const mapping = answer.mappings?.[claim.mapping];
        if (mapping !== undefined) return { ...claim, mapping };
        // Sending it unmapped could show the receiver what it must not see.
        context.addIssue({
          code: "custom",
          path: ["mappings"],
          message: "lacks a mapping that a claim names",
        });
        return z.NEVER;
      }),
      nextDueAt: answer.next_due_at === false ? undefined : answer.next_due_at,
      endpointRevision: answer.endpoint_revision,
      serverTime: answer.server_time,
    }),
  );

export const publishedAnswer = z.object({ queued: z.array(id) });

export const reportAnswer = z
  .object({
    applied: z.array(id),
    stale: z.array(id),
    refused: z.array(z.object({ delivery_id: z.number(), error: z.string() })),
    is_more_due: z.boolean(),
  })
  .transform(
    (answer): ReportResult => ({
      applied: answer.applied,
      stale: answer.stale,
      refused: answer.refused.map((entry) => ({ deliveryId: entry.delivery_id, error: entry.error })),
      isMoreDue: answer.is_more_due,
    }),
  );

export function writeParkedMessage(message: ParkedMessage): Readonly<Record<string, unknown>> {
  return {
    message_key: toStorableText(message.key).slice(0, 200).trim() || message.fingerprint,
    fingerprint: message.fingerprint,
    found_in: toStorableText(message.foundIn).slice(0, 200).trim() || "unknown",
    reason: toStorableText(message.reason),
    message_id: toStorableText(message.messageId) || false,
    message_type: toStorableText(message.messageType) || false,
    size_bytes: message.sizeBytes,
    content: message.content.length === 0 ? false : message.content.toString("base64"),
  };
}

export const parkAnswer = z
  .object({
    parked: z.array(z.string()),
    refused: z.array(z.object({ index: z.int().nonnegative(), error: z.string() })),
  })
  .transform((answer): ParkResult => answer);
