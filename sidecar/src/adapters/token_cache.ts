/**
 * The access tokens of all endpoints, in memory only. One request at a time per endpoint, however many deliveries
 * wait for its token; a refusal is kept for a moment too, so that a backlog does not hammer the server.
 */
import type { Endpoint, OAuthClient } from "../domain/delivery.ts";
import type { TokenAnswer } from "../domain/token_answer.ts";
import { type ResolveHost, resolveBySystem } from "./host_lookup.ts";
import { requestToken } from "./token_request.ts";

/** A token is renewed this long before it expires, or at 9/10 of a short life: requests take time, clocks differ. */
const renewBeforeS = 60;
const renewShare = 0.1;
const refusalKeptMs = 5_000;

interface Grant {
  readonly settingsKey: string;
  readonly answer: Promise<TokenAnswer>;
  /** Infinity while the request is under way. */
  usableUntilMs: number;
  readonly stop: AbortController;
}

export class TokenCache {
  readonly #grants = new Map<number, Grant>();
  readonly #resolve: ResolveHost;
  readonly #nowMs: () => number;

  constructor(resolve: ResolveHost = resolveBySystem, nowMs: () => number = Date.now) {
    this.#resolve = resolve;
    this.#nowMs = nowMs;
  }

  /** A token, or why there is none. The request belongs to all who wait: only its own deadline ends it. */
  take(endpoint: Endpoint, client: OAuthClient): Promise<TokenAnswer> {
    const settingsKey = JSON.stringify([client, endpoint.allowedAddresses, endpoint.tls, endpoint.timeoutMs]);
    const known = this.#grants.get(endpoint.id);
    if (known?.settingsKey === settingsKey && this.#nowMs() < known.usableUntilMs) {
      return known.answer;
    }
    const stop = new AbortController();
    const grant: Grant = {
      settingsKey,
      stop,
      usableUntilMs: Number.POSITIVE_INFINITY,
      answer: requestToken(endpoint, client, this.#resolve, stop.signal).then((answer) => {
        grant.usableUntilMs = this.#nowMs() + keepMs(answer);
        return answer;
      }),
    };
    this.#grants.set(endpoint.id, grant);
    return grant.answer;
  }

  /** The endpoint refused this token. A newer one, which another delivery may have fetched meanwhile, stays. */
  async drop(endpointId: number, token: string): Promise<void> {
    const grant = this.#grants.get(endpointId);
    if (grant === undefined || grant.usableUntilMs === Number.POSITIVE_INFINITY) return;
    const answer = await grant.answer;
    if (answer.kind === "granted" && answer.token === token && this.#grants.get(endpointId) === grant) {
      this.#grants.delete(endpointId);
    }
  }

  /** Forgets the tokens of endpoints that are not in the list. */
  keepOnly(endpointIds: ReadonlySet<number>): void {
    for (const [endpointId, grant] of this.#grants) {
      if (!endpointIds.has(endpointId)) {
        grant.stop.abort();
        this.#grants.delete(endpointId);
      }
    }
  }
}

function keepMs(answer: TokenAnswer): number {
  if (answer.kind === "refused") return refusalKeptMs;
  return (answer.lifetimeS - Math.min(renewBeforeS, answer.lifetimeS * renewShare)) * 1000;
}
