/** Builds the headers of one attempt. Bad settings come back as a broken answer, because a person can correct them. */
import type { Answer, Claim, Endpoint, EndpointAuth } from "./delivery.ts";
import { SecretInvalid, signDelivery } from "./signature.ts";

export type BrokenAnswer = Extract<Answer, { kind: "broken" }>;

export type HeadersOutcome =
  | { readonly kind: "built"; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: "refused"; readonly answer: BrokenAnswer };

/** A field name as RFC 9110 §5.1 allows it. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible ASCII, space and tab. CR and LF would let a secret add headers of its own (request splitting). */
const headerValue = /^[\t\x20-\x7e]*$/;
/** The signed content separates by dots, so an id must have none (Standard Webhooks, "signature scheme"). */
const webhookIdShape = /^[A-Za-z0-9_-]{1,255}$/;
/** Ours, or the connection's: an auth header must not replace them. */
const reservedNames = new Set([
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "webhook-id",
  "webhook-signature",
  "webhook-timestamp",
]);

/**
 * @param now time of this attempt: retries are signed anew, so receivers may refuse old timestamps
 * @param version of the service, for `user-agent`
 */
export function buildRequestHeaders(
  claim: Pick<Claim, "webhookId">,
  body: Buffer,
  endpoint: Pick<Endpoint, "amqp" | "auth" | "signingSecrets">,
  now: Date,
  version: string,
): HeadersOutcome {
  if (!webhookIdShape.test(claim.webhookId)) {
    return refuse("payload", "the event id holds characters other than letters, digits, - and _");
  }
  if (endpoint.signingSecrets.length === 0) {
    return refuse("configuration", "the endpoint has no signing secret; generate one");
  }
  const timestampS = Math.floor(now.getTime() / 1000);
  let signature: string;
  try {
    signature = signDelivery(endpoint.signingSecrets, claim.webhookId, timestampS, body);
  } catch (error) {
    if (error instanceof SecretInvalid) {
      return refuse("configuration", error.message);
    }
    throw error;
  }
  // A broker learns who we are when the connection opens; credentials must never travel with a message.
  const auth = buildAuthHeader(endpoint.amqp === undefined ? endpoint.auth : { kind: "none" });
  if (auth.kind === "refused") {
    return auth;
  }
  return {
    kind: "built",
    headers: {
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": claim.webhookId,
      "webhook-timestamp": String(timestampS),
      "webhook-signature": signature,
      "user-agent": `integration-monitor/${version}`,
      ...auth.headers,
    },
  };
}

function buildAuthHeader(auth: EndpointAuth): HeadersOutcome {
  switch (auth.kind) {
    case "none":
    case "mtls":
    // The sender adds the access token: getting one takes a request of its own.
    case "oauth2":
      return { kind: "built", headers: {} };
    case "bearer":
      return checkHeader("authorization", `Bearer ${auth.secret}`);
    case "basic": {
      // RFC 7617 §2: a colon in the user name would move the border between name and password.
      if (auth.username.includes(":")) {
        return refuse("configuration", "the user name for Basic authentication must not contain a colon");
      }
      const credentials = Buffer.from(`${auth.username}:${auth.secret}`).toString("base64");
      return checkHeader("authorization", `Basic ${credentials}`);
    }
    case "header":
      return checkHeader(auth.headerName.toLowerCase(), auth.secret);
  }
}

function checkHeader(name: string, value: string): HeadersOutcome {
  if (!headerName.test(name) || reservedNames.has(name)) {
    return refuse("configuration", "the name of the authentication header is not allowed; choose another");
  }
  if (!headerValue.test(value)) {
    return refuse(
      "configuration",
      "IM_SECRET_INVALID: the authentication secret holds a line break or another character that a header cannot carry; enter it again",
    );
  }
  return { kind: "built", headers: { [name]: value } };
}

function refuse(failureClass: "configuration" | "payload", error: string): HeadersOutcome {
  return { kind: "refused", answer: { kind: "broken", failureClass, error } };
}
