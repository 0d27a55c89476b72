/** Reads what an authorization server answers to a token request (RFC 6749 §5). No text holds the token or secret. */
import type { FailureClass } from "./delivery.ts";

export type TokenAnswer =
  | { readonly kind: "granted"; readonly token: string; readonly lifetimeS: number }
  | { readonly kind: "refused"; readonly failureClass: FailureClass; readonly error: string };

/** Taken when the server does not say how long (§5.1 only recommends it). A 401 heals a wrong guess. */
const lifetimeUnknownS = 300;
const lifetimeMaxS = 86_400;
/** A token as a header can carry it (RFC 6750 §2.1, "b68token"). */
const tokenShape = /^[A-Za-z0-9._~+/-]+=*$/;
/** Shorter beginnings of a token reveal nothing worth hiding. */
const tellingChars = 8;
/** Error codes of RFC 6749 §5.2 and RFC 8707 §2 in words. Any other is not quoted: it could echo what we sent. */
const errorWords: Readonly<Record<string, string>> = {
  invalid_client: "it does not know the client id, or refuses its secret or the way it is sent",
  invalid_grant: "it refuses the grant",
  invalid_request: "it does not understand the request; it may need a scope or an audience",
  invalid_scope: "it does not grant this scope",
  invalid_target: "it does not know this audience",
  unauthorized_client: "the client may not use client credentials",
  unsupported_grant_type: "it does not offer client credentials",
};

/** @param text the body, at most 64 KiB of it */
export function readTokenAnswer(statusCode: number, text: string): TokenAnswer {
  const body = parseObject(text);
  if (statusCode === 200) {
    return readGrant(body);
  }
  if (statusCode === 408 || statusCode === 425 || statusCode === 429 || statusCode >= 500) {
    return refuse("unavailable", `it answered HTTP ${statusCode}`);
  }
  if (statusCode >= 300 && statusCode <= 399) {
    return refuse(
      "auth",
      `it redirects (HTTP ${statusCode}), which is not followed; enter the new token address`,
    );
  }
  const code = typeof body?.error === "string" ? body.error : "";
  const words = Object.hasOwn(errorWords, code)
    ? `${errorWords[code]} (${code})`
    : "it gave no reason we know";
  return refuse("auth", `it answered HTTP ${statusCode}: ${words}`);
}

/** The excerpt of an answer without the token, also where the excerpt's end cuts the token in two. */
export function hideToken(excerpt: string, token: string): string {
  const whole = excerpt.replaceAll(token, "[access token]");
  for (let length = Math.min(token.length - 1, whole.length); length >= tellingChars; length -= 1) {
    if (whole.endsWith(token.slice(0, length))) {
      return `${whole.slice(0, -length)}[access token]`;
    }
  }
  return whole;
}

function readGrant(body: Readonly<Record<string, unknown>> | undefined): TokenAnswer {
  const { access_token: token, token_type: type, expires_in: lifetime } = body ?? {};
  if (typeof token !== "string" || !tokenShape.test(token)) {
    return refuse("auth", "its answer holds no access token; check the token address");
  }
  if (typeof type === "string" && type.toLowerCase() !== "bearer") {
    return refuse("auth", "it gives tokens of another kind than Bearer");
  }
  const lifetimeS = Number(lifetime ?? lifetimeUnknownS);
  return {
    kind: "granted",
    token,
    lifetimeS: Number.isFinite(lifetimeS) ? Math.min(Math.max(lifetimeS, 0), lifetimeMaxS) : lifetimeUnknownS,
  };
}

function refuse(failureClass: FailureClass, error: string): TokenAnswer {
  return { kind: "refused", failureClass, error };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : undefined;
  } catch {
    // A page for browsers, or nothing: told by its status alone.
    return undefined;
  }
}
