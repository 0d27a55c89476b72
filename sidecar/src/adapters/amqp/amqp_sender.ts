/**
 * Publishes signed events to a broker of the receiver's choice: one connection per endpoint, messages persistent and
 * `mandatory`, and only what the broker has confirmed into a queue counts as taken. One deadline over connect,
 * channel and confirm.
 */
import { type BrokerMessage, buildBrokerMessage, MessageRefused } from "../../domain/broker_message.ts";
import type { BrokerReply } from "../../domain/broker_reply.ts";
import type { AmqpTarget, Answer, Endpoint, FailureClass } from "../../domain/delivery.ts";
import { classifyNetworkError } from "../../domain/network_error.ts";
import { describeNetworkError } from "../../domain/network_error_text.ts";
import type { SenderPort } from "../../ports/sender.ts";
import { AddressGuard } from "../address_guard.ts";
import { type ResolveHost, resolveBySystem } from "../host_lookup.ts";
import { type Deadline, startDeadline } from "../http_sender_deadline.ts";
import { parseBrokerUrl } from "./broker_address.ts";
import { planConnection } from "./broker_connection.ts";
import { BrokerLink, WaitEnded } from "./broker_link.ts";
import { BrokerRefused } from "./wary_connection.ts";

/** A connection that breaks later than this after we wrote to it was not closed for being idle. */
const idleCloseMs = 1000;
/** Brokers dislike connections that come and go more than idle ones. */
const keepIdleMs = 60_000;

type Headers = Readonly<Record<string, string>>;
type BrokerEndpoint = Endpoint & { readonly amqp: AmqpTarget };

interface EndpointLink {
  readonly link: BrokerLink;
  /** Equal for settings that may share a connection. Holds secrets. */
  readonly settingsKey: string;
}

export interface AmqpSenderOptions {
  readonly resolve?: ResolveHost;
  readonly keepIdleMs?: number;
}

export class AmqpSender implements SenderPort {
  readonly #links = new Map<number, EndpointLink>();
  readonly #resolve: ResolveHost;
  readonly #keepIdleMs: number;

  constructor(options: AmqpSenderOptions = {}) {
    this.#resolve = options.resolve ?? resolveBySystem;
    this.#keepIdleMs = options.keepIdleMs ?? keepIdleMs;
  }

  async post(
    endpoint: Endpoint,
    headers: Headers,
    body: Buffer,
    signal: AbortSignal,
    event: Buffer = body,
  ): Promise<Answer> {
    if (!isBrokerEndpoint(endpoint)) return breakOf("configuration", "the endpoint names no exchange");
    const deadline = startDeadline(endpoint.timeoutMs, signal);
    try {
      const message = buildBrokerMessage(endpoint.amqp, headers, body, event);
      const reply = await this.#publishOnce(endpoint, message, deadline);
      return { kind: "replied", reply: hideSecret(reply, endpoint) };
    } catch (error) {
      return describeBreak(error, endpoint, deadline);
    } finally {
      deadline.release();
    }
  }

  async keepOnly(endpointIds: ReadonlySet<number>): Promise<void> {
    const dropped = [...this.#links].filter(([endpointId]) => !endpointIds.has(endpointId));
    for (const [endpointId] of dropped) {
      this.#links.delete(endpointId);
    }
    // Waits for messages under way, which end at their deadlines.
    await Promise.all(dropped.map(([, { link }]) => link.retire()));
  }

  async close(): Promise<void> {
    await this.keepOnly(new Set());
  }

  /**
   * A broker may have closed an idle connection in the moment we publish over it. As over HTTP that costs no attempt:
   * the message is published once more, on another connection, within the same deadline.
   */
  async #publishOnce(
    endpoint: BrokerEndpoint,
    message: BrokerMessage,
    deadline: Deadline,
  ): Promise<BrokerReply> {
    const link = this.#selectLink(endpoint);
    const wasProven = link.isProven;
    const startedAtMs = performance.now();
    try {
      return await link.publish(message, deadline.signal);
    } catch (error) {
      const isEarly = performance.now() - startedAtMs < idleCloseMs;
      if (wasProven && link.isRetired && isEarly && deadline.endedBy === undefined) {
        return await this.#selectLink(endpoint).publish(message, deadline.signal);
      }
      throw error;
    }
  }

  #selectLink(endpoint: BrokerEndpoint): BrokerLink {
    const current = this.#links.get(endpoint.id);
    const settingsKey = buildSettingsKey(endpoint);
    if (current?.settingsKey === settingsKey && !current.link.isRetired) {
      return current.link;
    }
    const address = parseBrokerUrl(endpoint.url);
    checkAuth(endpoint);
    const guard = new AddressGuard(address.guarded, endpoint.allowedAddresses, this.#resolve);
    const link = new BrokerLink(planConnection(endpoint, address, guard), this.#keepIdleMs);
    this.#links.set(endpoint.id, { link, settingsKey });
    // Lets messages under way finish; nobody publishes over it any more, so nobody needs to wait for it.
    void current?.link.retire();
    return link;
  }
}

function describeBreak(error: unknown, endpoint: Endpoint, deadline: Deadline): Answer {
  if (deadline.endedBy === "caller") {
    return breakOf("reset", "the service stopped before the broker confirmed");
  }
  if (deadline.endedBy === "time") {
    const blockedReason = error instanceof WaitEnded ? error.blockedReason : undefined;
    return blockedReason === undefined
      ? breakOf("timeout", `no confirm from the broker within ${endpoint.timeoutMs / 1000} s`)
      : { kind: "replied", reply: hideSecret({ code: "connection.blocked", text: blockedReason }, endpoint) };
  }
  if (error instanceof BrokerRefused) {
    return { kind: "replied", reply: hideSecret(error.reply, endpoint) };
  }
  if (error instanceof MessageRefused) {
    return breakOf(error.failureClass, error.message);
  }
  return breakOf(classifyNetworkError(error), describeNetworkError(error));
}

function isBrokerEndpoint(endpoint: Endpoint): endpoint is BrokerEndpoint {
  return endpoint.amqp !== undefined;
}

function buildSettingsKey(endpoint: Endpoint): string {
  return JSON.stringify([endpoint.url, endpoint.auth, endpoint.tls, [...endpoint.allowedAddresses]]);
}

function checkAuth({ auth }: Endpoint): void {
  if (auth.kind !== "basic" && auth.kind !== "mtls") {
    throw new MessageRefused(
      "configuration",
      "a broker takes a user name with password, or a client certificate; choose one of them on the endpoint",
    );
  }
}

/** A broker may answer with what it got; the password must not get into Odoo's records. */
function hideSecret(reply: BrokerReply, { auth }: Endpoint): BrokerReply {
  const secret = auth.kind === "basic" ? auth.secret : "";
  return secret === "" ? reply : { ...reply, text: reply.text.replaceAll(secret, "[password]") };
}

function breakOf(failureClass: FailureClass, error: string): Answer {
  return { kind: "broken", failureClass, error };
}
