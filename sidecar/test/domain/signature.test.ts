import { generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { parseSigningSecret, SecretInvalid, signDelivery } from "../../src/domain/signature.ts";
import { verifySignature } from "../../src/domain/signature_check.ts";

// The public test vectors of Standard Webhooks and its reference libraries.
const first = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestampS: 1614265330,
  body: Buffer.from('{"test": 2432232314}'),
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const second = {
  secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
  id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
  timestampS: 1649367553,
  body: Buffer.from('{"email":"test@example.com","username":"test_user"}'),
  signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
};
const asymmetric = {
  secret: "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
  publicKey: "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
  signature: "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
};
const firstNow = new Date(first.timestampS * 1000);

function headersOf(overrides: Readonly<Record<string, string | undefined>> = {}) {
  return {
    "webhook-id": first.id,
    "webhook-timestamp": String(first.timestampS),
    "webhook-signature": first.signature,
    ...overrides,
  };
}

function verifyFirst(overrides: Readonly<Record<string, string | undefined>>, now = firstNow) {
  return verifySignature([first.secret], { headers: headersOf(overrides), body: first.body }, now);
}

describe("signDelivery", () => {
  it.each([first, second])("reproduces the published v1 vector of $id", (vector) => {
    expect(signDelivery([vector.secret], vector.id, vector.timestampS, vector.body)).toBe(vector.signature);
  });

  it("reproduces the published v1a vector", () => {
    expect(signDelivery([asymmetric.secret], first.id, first.timestampS, first.body)).toBe(
      asymmetric.signature,
    );
  });

  it("accepts an ed25519 secret that is the seed alone", () => {
    const seed = Buffer.from(asymmetric.secret.slice(5), "base64").subarray(0, 32).toString("base64");
    expect(signDelivery([`whsk_${seed}`], first.id, first.timestampS, first.body)).toBe(asymmetric.signature);
  });

  it("gives one signature per secret during rotation, in order", () => {
    const value = signDelivery(
      [first.secret, asymmetric.secret, second.secret],
      first.id,
      first.timestampS,
      first.body,
    );
    expect(value.split(" ").slice(0, 2)).toEqual([first.signature, asymmetric.signature]);
    expect(value.split(" ")).toHaveLength(3);
  });

  it("agrees with the reference library for any secret, id, time and body", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
        fc.integer({ min: 0, max: 4_102_444_800 }),
        fc.string({ unit: "grapheme" }),
        (secretBytes, id, timestampS, text) => {
          const secret = `whsec_${Buffer.from(secretBytes).toString("base64")}`;
          const expected = new Webhook(secret).sign(id, new Date(timestampS * 1000), text);
          expect(signDelivery([secret], id, timestampS, Buffer.from(text))).toBe(expected);
        },
      ),
    );
  });

  it("is accepted by the reference library's verification", () => {
    const timestampS = Math.floor(Date.now() / 1000);
    const signature = signDelivery([second.secret, first.secret], first.id, timestampS, first.body);
    const verified = new Webhook(first.secret).verify(first.body, {
      "webhook-id": first.id,
      "webhook-timestamp": String(timestampS),
      "webhook-signature": signature,
    });
    expect(verified).toEqual({ test: 2432232314 });
  });
});

describe("parseSigningSecret", () => {
  it.each([
    ["empty", ""],
    ["prefix only", "whsec_"],
    ["without prefix", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["unpadded", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"],
    ["with foreign characters", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"],
    ["too short", `whsec_${Buffer.alloc(23).toString("base64")}`],
    ["too long", `whsec_${Buffer.alloc(65).toString("base64")}`],
    ["ed25519 of a wrong length", `whsk_${Buffer.alloc(33).toString("base64")}`],
    ["public key", asymmetric.publicKey],
  ])("refuses a secret that is %s", (_, secret) => {
    const parse = () => parseSigningSecret(secret);
    expect(parse).toThrow(SecretInvalid);
    expect(parse).toThrow(/^IM_SECRET_INVALID: /);
  });

  it("never repeats the secret in its message", () => {
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS";
    expect(() => parseSigningSecret(secret)).not.toThrow(/MfKQ/);
  });

  it.each([24, 64])("accepts %i bytes", (size) => {
    expect(parseSigningSecret(`whsec_${randomBytes(size).toString("base64")}`).scheme).toBe("v1");
  });
});

describe("verifySignature", () => {
  it("accepts a list in which one signature matches", () => {
    const foreign = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    const value = `v1,${foreign} v2,${foreign} ${first.signature}`;
    expect(verifyFirst({ "webhook-signature": value })).toEqual({ isValid: true });
  });

  it("accepts header names in any case", () => {
    const headers = {
      "Webhook-Id": first.id,
      "WEBHOOK-TIMESTAMP": String(first.timestampS),
      "webHook-Signature": first.signature,
    };
    const result = verifySignature([first.secret], { headers, body: first.body }, firstNow);
    expect(result).toEqual({ isValid: true });
  });

  it("accepts v1a with the public key, and not with another one", () => {
    const request = { headers: headersOf({ "webhook-signature": asymmetric.signature }), body: first.body };
    const { publicKey } = generateKeyPairSync("ed25519");
    const other = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
    expect(verifySignature([asymmetric.publicKey], request, firstNow)).toEqual({ isValid: true });
    expect(verifySignature([`whpk_${other}`], request, firstNow).isValid).toBe(false);
  });

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "refuses a request without %s",
    (name) => {
      expect(verifyFirst({ [name]: undefined })).toEqual({ isValid: false, reason: "header_missing" });
    },
  );

  it("refuses a timestamp that is no number", () => {
    expect(verifyFirst({ "webhook-timestamp": "hello" })).toEqual({
      isValid: false,
      reason: "timestamp_invalid",
    });
  });

  it.each([
    [-301, false],
    [-300, true],
    [300, true],
    [301, false],
  ])("judges a receiver clock %i s off: valid is %s", (offsetS, isValid) => {
    expect(verifyFirst({}, new Date(firstNow.getTime() + offsetS * 1000)).isValid).toBe(isValid);
  });

  it.each([
    ["empty", "v1,"],
    ["only the start", first.signature.slice(0, 11)],
    ["of another scheme", first.signature.replace("v1,", "v2,")],
    ["without scheme", first.signature.slice(3)],
  ])("refuses a signature that is %s", (_, value) => {
    expect(verifyFirst({ "webhook-signature": value })).toEqual({
      isValid: false,
      reason: "signature_mismatch",
    });
  });

  it("refuses a body of which one byte differs", () => {
    const request = { headers: headersOf(), body: Buffer.from('{"test":2432232314}') };
    expect(verifySignature([first.secret], request, firstNow).isValid).toBe(false);
  });

  it("refuses a private key as the receiver's key", () => {
    expect(() =>
      verifySignature([asymmetric.secret], { headers: headersOf(), body: first.body }, firstNow),
    ).toThrow(SecretInvalid);
  });
});
