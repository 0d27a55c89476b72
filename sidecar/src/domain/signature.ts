/**
 * Signs deliveries per Standard Webhooks 1.0.0: `v1` (HMAC-SHA256) and `v1a` (ed25519).
 * Signed content is `{id}.{timestamp}.{body bytes}`, so the body must be sent exactly as signed.
 */
import { createHmac, createPrivateKey, createSecretKey, type KeyObject, sign } from "node:crypto";

/** A signing secret is not what Standard Webhooks allows. The message never contains the secret. */
export class SecretInvalid extends Error {
  override readonly name = "SecretInvalid";
  readonly code = "IM_SECRET_INVALID";
}

export type SigningKey =
  | { readonly scheme: "v1"; readonly secret: KeyObject }
  | { readonly scheme: "v1a"; readonly privateKey: KeyObject };

const hmacPrefix = "whsec_";
const ed25519Prefix = "whsk_";
const seedBytes = 32;
/** PKCS #8 wrapping of a raw ed25519 seed (RFC 8410 §7). */
const pkcs8Ed25519Header = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Reads `whsec_` + base64 of 24–64 bytes, or `whsk_` + base64 of 32 bytes (seed) or 64 (seed and public key).
 * Throws SecretInvalid for everything else: a guess would produce signatures nobody can verify.
 */
export function parseSigningSecret(secret: string): SigningKey {
  if (secret.startsWith(hmacPrefix)) {
    const bytes = decodeBase64(secret.slice(hmacPrefix.length), hmacPrefix);
    if (bytes.length < 24 || bytes.length > 64) {
      throw new SecretInvalid(
        `IM_SECRET_INVALID: a ${hmacPrefix} signing secret holds 24 to 64 bytes, got ${bytes.length}. Generate a new one on the endpoint.`,
      );
    }
    return { scheme: "v1", secret: createSecretKey(bytes) };
  }
  if (secret.startsWith(ed25519Prefix)) {
    const bytes = decodeBase64(secret.slice(ed25519Prefix.length), ed25519Prefix);
    if (bytes.length !== seedBytes && bytes.length !== 2 * seedBytes) {
      throw new SecretInvalid(
        `IM_SECRET_INVALID: a ${ed25519Prefix} signing secret holds 32 or 64 bytes, got ${bytes.length}. Generate a new one on the endpoint.`,
      );
    }
    return { scheme: "v1a", privateKey: readSeed(bytes.subarray(0, seedBytes)) };
  }
  throw new SecretInvalid(
    'IM_SECRET_INVALID: a signing secret starts with "whsec_" or "whsk_", got something else. Generate a new one on the endpoint.',
  );
}

/**
 * The value of `webhook-signature`: one item per secret, separated by spaces, so that receivers accept the old
 * and the new secret during rotation. `timestampS` is the Unix time of the attempt in whole seconds.
 */
export function signDelivery(
  secrets: readonly string[],
  webhookId: string,
  timestampS: number,
  body: Buffer,
): string {
  const content = buildSignedContent(webhookId, String(timestampS), body);
  return readKeys(secrets)
    .map((key) => signContent(key, content))
    .join(" ");
}

/**
 * Making a key costs more than signing with it, and an endpoint's list of secrets is one object until its settings
 * change. The keys go when the list goes.
 */
const keysOfLists = new WeakMap<readonly string[], readonly SigningKey[]>();

function readKeys(secrets: readonly string[]): readonly SigningKey[] {
  const known = keysOfLists.get(secrets) ?? secrets.map(parseSigningSecret);
  keysOfLists.set(secrets, known);
  return known;
}

/** The exact bytes that are signed. */
export function buildSignedContent(webhookId: string, timestamp: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${webhookId}.${timestamp}.`), body]);
}

/** Strict base64 with padding. Buffer.from alone skips what it does not understand. */
export function decodeBase64(text: string, prefix: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) {
    throw new SecretInvalid(
      `IM_SECRET_INVALID: expected "${prefix}" followed by padded base64, got other characters. Copy the secret again, whole.`,
    );
  }
  return bytes;
}

function signContent(key: SigningKey, content: Buffer): string {
  switch (key.scheme) {
    case "v1":
      return `v1,${createHmac("sha256", key.secret).update(content).digest("base64")}`;
    case "v1a":
      return `v1a,${sign(null, content, key.privateKey).toString("base64")}`;
  }
}

function readSeed(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Ed25519Header, seed]), format: "der", type: "pkcs8" });
}
