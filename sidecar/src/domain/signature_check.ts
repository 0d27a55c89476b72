/**
 * The receiver's side of signature.ts: what an endpoint does with the three `webhook-*` headers.
 * Used by tests and the sample receiver, and readable as documentation for integrators.
 */
import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { buildSignedContent, decodeBase64, parseSigningSecret, SecretInvalid } from "./signature.ts";

export type Verification =
  | { readonly isValid: true }
  | {
      readonly isValid: false;
      readonly reason: "header_missing" | "timestamp_invalid" | "timestamp_too_far" | "signature_mismatch";
    };

export interface SignedRequest {
  /** Header names in any case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** How far a timestamp may lie from now, in both directions (constant of the Standard Webhooks libraries). */
export const toleranceS = 300;

const publicPrefix = "whpk_";
/** SubjectPublicKeyInfo wrapping of a raw ed25519 public key (RFC 8410 §4). */
const spkiEd25519Header = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Checks a request against the receiver's keys (`whsec_…` or `whpk_…`); one matching signature is enough.
 * Throws SecretInvalid when a key is unusable: that is the receiver's mistake, not the sender's.
 */
export function verifySignature(keys: readonly string[], request: SignedRequest, now: Date): Verification {
  const headers = new Map(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const checkers = keys.map(buildChecker);
  const webhookId = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp");
  const signatures = headers.get("webhook-signature");
  if (!webhookId || !timestamp || !signatures) {
    return { isValid: false, reason: "header_missing" };
  }
  if (!/^\d{1,15}$/.test(timestamp)) {
    return { isValid: false, reason: "timestamp_invalid" };
  }
  if (Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp)) > toleranceS) {
    return { isValid: false, reason: "timestamp_too_far" };
  }
  const content = buildSignedContent(webhookId, timestamp, request.body);
  const isSigned = signatures.split(" ").some((item) => {
    const comma = item.indexOf(",");
    const signature = Buffer.from(item.slice(comma + 1), "base64");
    return checkers.some((check) => check(item.slice(0, comma), signature, content));
  });
  return isSigned ? { isValid: true } : { isValid: false, reason: "signature_mismatch" };
}

type Checker = (scheme: string, signature: Buffer, content: Buffer) => boolean;

function buildChecker(key: string): Checker {
  if (key.startsWith(publicPrefix)) {
    return buildPublicKeyChecker(decodeBase64(key.slice(publicPrefix.length), publicPrefix));
  }
  const parsed = parseSigningSecret(key);
  if (parsed.scheme === "v1a") {
    throw new SecretInvalid(
      'IM_SECRET_INVALID: a receiver verifies with the public key "whpk_…", got the private key "whsk_…".',
    );
  }
  return (scheme, signature, content) => {
    const expected = createHmac("sha256", parsed.secret).update(content).digest();
    return scheme === "v1" && signature.length === expected.length && timingSafeEqual(signature, expected);
  };
}

function buildPublicKeyChecker(raw: Buffer): Checker {
  if (raw.length !== 32) {
    throw new SecretInvalid(`IM_SECRET_INVALID: a "whpk_" public key holds 32 bytes, got ${raw.length}.`);
  }
  const publicKey = createPublicKey({
    key: Buffer.concat([spkiEd25519Header, raw]),
    format: "der",
    type: "spki",
  });
  return (scheme, signature, content) => scheme === "v1a" && verify(null, content, publicKey, signature);
}
