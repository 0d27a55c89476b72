/** Asks an authorization server for one access token, under the same address guard as deliveries. Never throws. */
import { getCACertificates } from "node:tls";
import { Client } from "undici";
import type { Endpoint, FailureClass, OAuthClient } from "../domain/delivery.ts";
import { classifyNetworkError } from "../domain/network_error.ts";
import { describeNetworkError } from "../domain/network_error_text.ts";
import { readTokenAnswer, type TokenAnswer } from "../domain/token_answer.ts";
import { AddressGuard } from "./address_guard.ts";
import { buildGuardedOptions } from "./endpoint_tls.ts";
import type { ResolveHost } from "./host_lookup.ts";
import { startDeadline } from "./http_sender_deadline.ts";
import { readStart } from "./response_start.ts";

/** Whatever else happens to the request is "unavailable": nothing was sent to the endpoint, and it may pass. */
const ownClasses: ReadonlySet<FailureClass> = new Set(["tls", "address_refused", "configuration"]);

/** The endpoint's timeoutMs bounds the whole request. */
export async function requestToken(
  endpoint: Endpoint,
  client: OAuthClient,
  resolve: ResolveHost,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const url = URL.parse(client.tokenUrl);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return refuse("configuration", "the token address must be an absolute https:// URL");
  }
  const deadline = startDeadline(endpoint.timeoutMs, signal);
  try {
    const answer = await exchange(url, endpoint, client, resolve, deadline.signal);
    return answer.kind === "granted" ? answer : { ...answer, error: `${nameServer(url)}: ${answer.error}` };
  } catch (error) {
    if (deadline.endedBy === "caller") {
      return refuse("unavailable", `${nameServer(url)} was given up: the endpoint is no longer served`);
    }
    if (deadline.endedBy === "time") {
      return refuse("unavailable", `${nameServer(url)} did not answer within ${endpoint.timeoutMs / 1000} s`);
    }
    const failureClass = classifyNetworkError(error);
    return refuse(
      ownClasses.has(failureClass) ? failureClass : "unavailable",
      `${nameServer(url)}: ${describeNetworkError(error)}`,
    );
  } finally {
    deadline.release();
  }
}

async function exchange(
  url: URL,
  endpoint: Endpoint,
  client: OAuthClient,
  resolve: ResolveHost,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const guard = new AddressGuard(url, endpoint.allowedAddresses, resolve);
  guard.checkLiteral();
  const { ca } = endpoint.tls;
  // The endpoint's own authority is trusted besides the public ones: its authorization server may be anybody's.
  const trust = ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] };
  // One request in minutes: no connection is kept.
  const connection = new Client(url.origin, buildGuardedOptions(endpoint, guard, trust));
  try {
    const response = await connection.request({
      method: "POST",
      path: `${url.pathname}${url.search}`,
      ...buildTokenRequest(client),
      signal,
    });
    const { bytes, isBroken } = await readStart(response.body);
    // Half an answer must not read as one without a token, which a person would have to look into.
    return isBroken
      ? refuse("unavailable", "its answer broke off")
      : readTokenAnswer(response.statusCode, bytes.toString("utf8"));
  } finally {
    await connection.destroy();
  }
}

function buildTokenRequest(client: OAuthClient): { headers: Record<string, string>; body: string } {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (client.scope !== "") form.set("scope", client.scope);
  if (client.audience !== "") form.set("audience", client.audience);
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
  };
  if (client.clientAuth === "basic") {
    // RFC 6749 §2.3.1: both parts are form-encoded before they are joined, so a colon in either is no border.
    const credentials = `${encodeForm(client.clientId)}:${encodeForm(client.secret)}`;
    headers.authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  } else {
    form.set("client_id", client.clientId);
    form.set("client_secret", client.secret);
  }
  return { headers, body: form.toString() };
}

function encodeForm(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function nameServer(url: URL): string {
  return `the authorization server ${url.host}`;
}

function refuse(failureClass: FailureClass, error: string): TokenAnswer {
  return { kind: "refused", failureClass, error };
}
