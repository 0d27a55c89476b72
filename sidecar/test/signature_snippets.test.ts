/** The TypeScript that receivers are shown checks what we sign; Odoo's tests run that for Python and the shell. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isGenuine } from "../../odoo_addon/integration_monitor/endpoint/snippets/verify_v1.ts";
import { isGenuine as isGenuineByKey } from "../../odoo_addon/integration_monitor/endpoint/snippets/verify_v1a.ts";
import { signDelivery } from "../src/domain/signature.ts";

const body = Buffer.from('{"data":{"name":"INV/2026/00001 ü €"}}');
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const oldSecret = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const pair = generateKeyPairSync("ed25519");
const seed = pair.privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32);
const publicBytes = createPublicKey(pair.privateKey).export({ format: "der", type: "spki" }).subarray(-32);
const signingKey = `whsk_${seed.toString("base64")}`;
const publicKey = `whpk_${publicBytes.toString("base64")}`;

function sign(secrets: readonly string[], timestampS = Math.floor(Date.now() / 1000)) {
  return {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(timestampS),
    "webhook-signature": signDelivery(secrets, "evt_1", timestampS, body),
  };
}

describe.each([
  { scheme: "v1", check: (headers: Headers, sent = body) => isGenuine(headers, sent, secret), ours: secret },
  {
    scheme: "v1a",
    check: (headers: Headers, sent = body) => isGenuineByKey(headers, sent, publicKey),
    ours: signingKey,
  },
])("the snippet for $scheme", ({ check, ours }) => {
  it("takes what we sign, also while a secret is being changed", () => {
    expect(check(sign([ours]))).toBe(true);
    expect(check(sign([oldSecret, ours]))).toBe(true);
  });

  it("refuses another secret, another body, an old request and missing headers", () => {
    expect(check(sign([oldSecret]))).toBe(false);
    expect(check(sign([ours]), Buffer.from("{}"))).toBe(false);
    expect(check(sign([ours], Math.floor(Date.now() / 1000) - 301))).toBe(false);
    expect(check({})).toBe(false);
    expect(check({ ...sign([ours]), "webhook-timestamp": "soon" })).toBe(false);
    expect(check({ ...sign([ours]), "webhook-signature": "v1, v1a,x" })).toBe(false);
  });
});

type Headers = Readonly<Record<string, string | undefined>>;
