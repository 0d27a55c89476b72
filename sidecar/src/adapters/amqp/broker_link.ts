/**
 * The connection of one endpoint to its broker, with a channel for each message under way.
 *
 *   new ──first message──▶ opening ──▶ open ──idle, lost, stuck, or no longer wanted──▶ retired
 *
 * A retired link takes no more messages and is gone when the last one under way has ended; the sender opens another.
 */
import type { ChannelModel } from "amqplib";
import type { BrokerMessage } from "../../domain/broker_message.ts";
import type { BrokerReply } from "../../domain/broker_reply.ts";
import { type ConnectionPlan, openConnection } from "./broker_connection.ts";
import { PublishChannel } from "./publish_channel.ts";
import { BrokerRefused, readCloseReply } from "./wary_connection.ts";

/** How long a broker may take to say goodbye before the socket is destroyed. */
const goodbyeMs = 2000;

/** The caller's signal aborted while the broker still owed us something. */
export class WaitEnded extends Error {
  override readonly name = "WaitEnded";
  /** Why the broker takes no messages now, if it says so. */
  blockedReason: string | undefined;
}

export class BrokerLink {
  readonly #plan: ConnectionPlan;
  readonly #idleMs: number;
  readonly #life = new AbortController();
  readonly #gone = Promise.withResolvers<void>();
  readonly #freeChannels: PublishChannel[] = [];
  #opening: Promise<ChannelModel> | undefined;
  #model: ChannelModel | undefined;
  #lostBecause: unknown;
  #blocked: { readonly reason: string; readonly ended: PromiseWithResolvers<void> } | undefined;
  #underWayCount = 0;
  #confirmedCount = 0;
  #isRetired = false;
  #isStuck = false;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @param idleMs how long the connection is kept without a message */
  constructor(plan: ConnectionPlan, idleMs: number) {
    this.#plan = plan;
    this.#idleMs = idleMs;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** It has carried a message before, so it may have become stale meanwhile. */
  get isProven(): boolean {
    return this.#confirmedCount > 0;
  }

  /** Throws WaitEnded, AddressRefused, BrokerRefused, and what Node's network stack throws. */
  async publish(message: BrokerMessage, signal: AbortSignal): Promise<BrokerReply> {
    clearTimeout(this.#idleTimer);
    this.#underWayCount += 1;
    try {
      const model = await untilEnd(this.#open(), signal);
      // What is published while the broker is blocked would wait in our memory.
      await untilEnd(this.#blocked?.ended.promise, signal);
      const channel = await untilEnd(this.#takeChannel(model), signal);
      const reply = await untilEnd(channel.publish(message), signal);
      if (channel.isOpen) this.#freeChannels.push(channel);
      this.#confirmedCount += 1;
      return reply;
    } catch (error) {
      if (error instanceof WaitEnded) {
        error.blockedReason = this.#blocked?.reason;
        // Nobody knows what state the channel is in, nor whether the broker is still there to say goodbye.
        this.#isStuck = true;
      }
      // Refusals of a message are replies; what is thrown says that the connection is of no more use.
      void this.retire();
      throw error instanceof WaitEnded ? error : (this.#lostBecause ?? error);
    } finally {
      this.#underWayCount -= 1;
      this.#rest();
    }
  }

  /** Takes no more messages. Resolves when those under way have ended and the connection is closed. */
  retire(): Promise<void> {
    this.#isRetired = true;
    if (this.#underWayCount === 0) void this.#close();
    return this.#gone.promise;
  }

  #open(): Promise<ChannelModel> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<ChannelModel> {
    try {
      this.#model = await openConnection(this.#plan, this.#life.signal, (model) => this.#watch(model));
      return this.#model;
    } catch (error) {
      void this.retire();
      throw error;
    }
  }

  #watch(model: ChannelModel): void {
    model.on("error", (error) => {
      this.#lostBecause ??= readLoss(error);
    });
    model.on("close", (error) => {
      this.#lostBecause ??= readLoss(error);
      this.#unblock();
      void this.retire();
    });
    model.on("blocked", (reason) => {
      this.#blocked ??= { reason, ended: Promise.withResolvers() };
    });
    model.on("unblocked", () => this.#unblock());
  }

  #unblock(): void {
    this.#blocked?.ended.resolve();
    this.#blocked = undefined;
  }

  async #takeChannel(model: ChannelModel): Promise<PublishChannel> {
    for (;;) {
      const free = this.#freeChannels.pop();
      if (free === undefined) break;
      if (free.isOpen) return free;
    }
    return PublishChannel.open(model, () =>
      this.#life.abort(new Error("the broker confirmed what was never published")),
    );
  }

  #rest(): void {
    if (this.#underWayCount > 0) return;
    if (this.#isRetired) void this.#close();
    else this.#idleTimer = setTimeout(() => void this.retire(), this.#idleMs).unref();
  }

  async #close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    if (!this.#isStuck) {
      const goodbye = setTimeout(() => this.#life.abort(), goodbyeMs);
      // A connection that is lost already has nothing to close.
      await untilEnd(this.#model?.close(), this.#life.signal).catch(() => {});
      clearTimeout(goodbye);
    }
    this.#life.abort();
    this.#gone.resolve();
  }
}

function readLoss(error: unknown): unknown {
  const reply = readCloseReply(error);
  return reply === undefined ? error : new BrokerRefused(reply);
}

/** Waits no longer than the signal allows; what it waited for goes on, and its failure is nobody's business then. */
async function untilEnd<T>(awaited: Promise<T> | undefined, signal: AbortSignal): Promise<T>;
async function untilEnd<T>(awaited: Promise<T> | undefined, signal: AbortSignal): Promise<T | undefined> {
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(new WaitEnded("the wait ended before the broker answered"));
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([awaited, ended.promise]);
  } finally {
    signal.removeEventListener("abort", end);
    ended.promise.catch(() => {});
    awaited?.catch(() => {});
  }
}
