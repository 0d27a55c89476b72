import { describe, expect, it } from "vitest";
import type { EndpointAuth } from "../../src/domain/delivery.ts";
import { buildRequestHeaders } from "../../src/domain/request_headers.ts";
import { verifySignature } from "../../src/domain/signature_check.ts";
import { buildClaim, buildEndpoint } from "../builders.ts";

const now = new Date("2026-11-20T08:31:54.987Z");
const claim = buildClaim();
const body = Buffer.from(claim.body);

function build(overrides: Parameters<typeof buildEndpoint>[0] = {}) {
  return buildRequestHeaders(claim, body, buildEndpoint(overrides), now, "0.1.0");
}

function buildWithAuth(auth: EndpointAuth) {
  return build({ auth });
}

describe("buildRequestHeaders", () => {
  it("names content, event, time, signature and sender, and nothing else", () => {
    expect(build()).toEqual({
      kind: "built",
      headers: {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "webhook-id": claim.webhookId,
        "webhook-timestamp": "1795163514",
        "webhook-signature": expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
        "user-agent": "integration-monitor/0.1.0",
      },
    });
  });

  it("signs what a receiver can verify", () => {
    const secrets = buildEndpoint().signingSecrets;
    const built = build();
    const headers = built.kind === "built" ? built.headers : {};
    expect(verifySignature(secrets, { headers, body }, now)).toEqual({ isValid: true });
  });

  it.each<[EndpointAuth, string, string]>([
    [{ kind: "bearer", secret: "abc" }, "authorization", "Bearer abc"],
    [{ kind: "basic", username: "odoo", secret: "pä:ss" }, "authorization", "Basic b2Rvbzpww6Q6c3M="],
    [{ kind: "header", headerName: "X-Api-Key", secret: "k" }, "x-api-key", "k"],
  ])("authenticates by %j", (auth, name, value) => {
    expect(buildWithAuth(auth)).toMatchObject({ kind: "built", headers: { [name]: value } });
  });

  it.each<[string, EndpointAuth]>([
    ["a line break in a header secret", { kind: "header", headerName: "x-key", secret: "a\r\nhost: evil" }],
    ["a line break in a bearer secret", { kind: "bearer", secret: "a\nb" }],
    ["a line break in a header name", { kind: "header", headerName: "x-key\r\nhost", secret: "a" }],
    ["an empty header name", { kind: "header", headerName: "", secret: "a" }],
    ["a secret outside ASCII", { kind: "bearer", secret: "schlüssel" }],
    ["a header of ours", { kind: "header", headerName: "Webhook-Signature", secret: "a" }],
    ["a header of the connection", { kind: "header", headerName: "Transfer-Encoding", secret: "chunked" }],
    ["a header that undici does not send", { kind: "header", headerName: "Expect", secret: "a" }],
    ["a colon in the user name", { kind: "basic", username: "a:b", secret: "c" }],
  ])("refuses %s as a matter of settings", (_, auth) => {
    expect(buildWithAuth(auth)).toMatchObject({
      kind: "refused",
      answer: { kind: "broken", failureClass: "configuration" },
    });
  });

  it("never repeats a secret in the refusal", () => {
    expect(JSON.stringify(buildWithAuth({ kind: "bearer", secret: "hush\nhush" }))).not.toMatch(/hush/);
  });

  it("refuses to send unsigned", () => {
    expect(build({ signingSecrets: [] })).toMatchObject({
      kind: "refused",
      answer: { failureClass: "configuration" },
    });
  });

  it("refuses an unusable signing secret with its code", () => {
    expect(build({ signingSecrets: ["whsec_short"] })).toMatchObject({
      kind: "refused",
      answer: { failureClass: "configuration", error: expect.stringMatching(/^IM_SECRET_INVALID: /) },
    });
  });

  it("refuses an event id that would make the signature ambiguous", () => {
    const outcome = buildRequestHeaders({ webhookId: "a.b" }, body, buildEndpoint(), now, "0.1.0");
    expect(outcome).toMatchObject({ kind: "refused", answer: { failureClass: "payload" } });
  });
});
