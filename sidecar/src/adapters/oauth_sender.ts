/** Adds the access token for endpoints that want one (OAuth 2.0 client credentials); passes on all others. */
import type { Answer, Endpoint, OAuthClient } from "../domain/delivery.ts";
import { hideToken, type TokenAnswer } from "../domain/token_answer.ts";
import type { SenderPort } from "../ports/sender.ts";
import { type Deadline, startDeadline } from "./http_sender_deadline.ts";
import type { TokenCache } from "./token_cache.ts";

type BrokenAnswer = Extract<Answer, { kind: "broken" }>;
type Headers = Readonly<Record<string, string>>;

export class OAuthSender implements SenderPort {
  readonly #inner: SenderPort;
  readonly #tokens: TokenCache;

  constructor(inner: SenderPort, tokens: TokenCache) {
    this.#inner = inner;
    this.#tokens = tokens;
  }

  post(endpoint: Endpoint, headers: Headers, body: Buffer, signal: AbortSignal): Promise<Answer> {
    const { auth } = endpoint;
    return auth.kind === "oauth2"
      ? this.#postWithToken(endpoint, auth, headers, body, signal)
      : this.#inner.post(endpoint, headers, body, signal);
  }

  async #postWithToken(
    endpoint: Endpoint,
    auth: OAuthClient,
    headers: Headers,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<Answer> {
    // One deadline over the token and both tries; the inner sender sees it as its caller's wish to stop.
    const deadline = startDeadline(endpoint.timeoutMs, signal);
    try {
      const send = (token: string) =>
        this.#inner.post(endpoint, { ...headers, authorization: `Bearer ${token}` }, body, deadline.signal);
      const answer = await this.#exchange(endpoint, auth, send, deadline);
      return answer.kind === "broken" ? explainEnd(deadline.endedBy, endpoint, answer) : answer;
    } finally {
      deadline.release();
    }
  }

  async keepOnly(endpointIds: ReadonlySet<number>): Promise<void> {
    this.#tokens.keepOnly(endpointIds);
    await this.#inner.keepOnly(endpointIds);
  }

  async close(): Promise<void> {
    this.#tokens.keepOnly(new Set());
    await this.#inner.close();
  }

  /** A 401 may mean that the token was withdrawn before its time: it is dropped, and one more try made. */
  async #exchange(
    endpoint: Endpoint,
    client: OAuthClient,
    send: (token: string) => Promise<Answer>,
    deadline: Deadline,
  ): Promise<Answer> {
    for (let tryNumber = 1; ; tryNumber += 1) {
      const grant = await untilAborted(this.#tokens.take(endpoint, client), deadline.signal);
      if (grant.kind === "refused") {
        return { kind: "broken", failureClass: grant.failureClass, error: grant.error };
      }
      const answer = await send(grant.token);
      if (answer.kind !== "answered") return answer;
      if (answer.statusCode === 401) await this.#tokens.drop(endpoint.id, grant.token);
      if (answer.statusCode !== 401 || tryNumber === 2) {
        // A receiver may answer with what it got; the token must not get into Odoo's records.
        return { ...answer, excerpt: hideToken(answer.excerpt, grant.token) };
      }
    }
  }
}

function explainEnd(endedBy: Deadline["endedBy"], endpoint: Endpoint, answer: BrokenAnswer): Answer {
  if (endedBy === "caller") {
    return {
      kind: "broken",
      failureClass: "reset",
      error: "the service stopped before the answer was complete",
    };
  }
  // Nothing was sent before a token was there, so a wait for it is no wait for the endpoint.
  if (endedBy === undefined || answer.failureClass === "unavailable") {
    return answer;
  }
  return {
    kind: "broken",
    failureClass: "timeout",
    error: `no complete answer within ${endpoint.timeoutMs / 1000} s`,
  };
}

async function untilAborted(answer: Promise<TokenAnswer>, signal: AbortSignal): Promise<TokenAnswer> {
  const { promise: stopped, resolve } = Promise.withResolvers<TokenAnswer>();
  const stop = () =>
    resolve({
      kind: "refused",
      failureClass: "unavailable",
      error: "no access token came within the time limit",
    });
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([answer, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
