/**
 * Sends signed requests with undici: one pool of kept connections per endpoint, no redirects, one deadline over
 * connect, headers and body, and at most 64 KiB read of any answer.
 */
import { errors } from "undici";
import type { Answer, Endpoint, FailureClass } from "../domain/delivery.ts";
import { classifyNetworkError } from "../domain/network_error.ts";
import { describeNetworkError } from "../domain/network_error_text.ts";
import { buildExcerpt } from "../domain/response_excerpt.ts";
import type { SenderPort } from "../ports/sender.ts";
import { type ResolveHost, resolveBySystem } from "./host_lookup.ts";
import { type Exchange, exchangeOnce } from "./http_exchange.ts";
import { type Deadline, startDeadline } from "./http_sender_deadline.ts";
import { type EndpointPool, isOpenFor, openPool } from "./http_sender_pool.ts";

/** A connection that breaks later than this after we wrote to it was not closed for being idle. */
const idleCloseMs = 1000;

type Headers = Readonly<Record<string, string>>;

export class HttpSender implements SenderPort {
  readonly #pools = new Map<number, EndpointPool>();
  readonly #resolve: ResolveHost;

  constructor(resolve: ResolveHost = resolveBySystem) {
    this.#resolve = resolve;
  }

  async post(endpoint: Endpoint, headers: Headers, body: Buffer, signal: AbortSignal): Promise<Answer> {
    const deadline = startDeadline(endpoint.timeoutMs, signal);
    try {
      const target = this.#selectPool(endpoint);
      target.guard.checkLiteral();
      return readAnswer(await requestOnce(target, headers, body, deadline));
    } catch (error) {
      return describeBreak(error, deadline, endpoint.timeoutMs);
    } finally {
      deadline.release();
    }
  }

  async keepOnly(endpointIds: ReadonlySet<number>): Promise<void> {
    const dropped = [...this.#pools].filter(([endpointId]) => !endpointIds.has(endpointId));
    for (const [endpointId] of dropped) {
      this.#pools.delete(endpointId);
    }
    // Waits for requests under way, which end at their deadlines.
    await Promise.all(dropped.map(([, { pool }]) => pool.close()));
  }

  async close(): Promise<void> {
    await this.keepOnly(new Set());
  }

  #selectPool(endpoint: Endpoint): EndpointPool {
    const current = this.#pools.get(endpoint.id);
    if (current && isOpenFor(current, endpoint)) {
      return current;
    }
    const opened = openPool(endpoint, this.#resolve);
    this.#pools.set(endpoint.id, opened);
    // Lets requests under way finish; nobody sends over it any more, so nobody needs to wait for it.
    current?.pool.close().catch(() => current.pool.destroy());
    return opened;
  }
}

/**
 * A receiver may close an idle connection in the moment we send over it. That says nothing about the delivery, so it
 * is sent once more, on another connection, within the same deadline. The first copy may have arrived: delivery is
 * at least once, and both copies carry the same `webhook-id`.
 */
async function requestOnce(
  target: EndpointPool,
  headers: Headers,
  body: Buffer,
  deadline: Deadline,
): Promise<Exchange> {
  const request = () =>
    exchangeOnce(target.pool, { method: "POST", path: target.path, headers, body }, deadline);
  const startedAtMs = performance.now();
  try {
    return await request();
  } catch (error) {
    const isEarly = performance.now() - startedAtMs < idleCloseMs;
    if (deadline.endedBy === undefined && isEarly && isIdleClose(error)) {
      return request();
    }
    throw error;
  }
}

/** The socket broke before this answer began, but had carried an answer before: it was a reused one. */
function isIdleClose(error: unknown): boolean {
  return error instanceof errors.SocketError && (error.socket?.bytesRead ?? 0) > 0;
}

function readAnswer({ statusCode, headers, start }: Exchange): Answer {
  const retryAfter = headers["retry-after"];
  // We ask for no compression; an answer compressed all the same would be unreadable.
  const isReadable = (headers["content-encoding"] ?? "identity") === "identity";
  return {
    kind: "answered",
    statusCode,
    retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    excerpt: isReadable ? buildExcerpt(start) : "",
  };
}

function describeBreak(error: unknown, deadline: Deadline, timeoutMs: number): Answer {
  if (deadline.endedBy === "time") {
    return breakOf("timeout", `no complete answer within ${timeoutMs / 1000} s`);
  }
  if (deadline.endedBy === "caller") {
    return breakOf("reset", "the service stopped before the answer was complete");
  }
  return breakOf(classifyNetworkError(error), describeNetworkError(error));
}

function breakOf(failureClass: FailureClass, error: string): Answer {
  return { kind: "broken", failureClass, error };
}
