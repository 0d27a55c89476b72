/**
 * Publishing that resolves only when the broker has the message in a queue. Three things can otherwise
 * look like success: an unroutable message is returned and then confirmed; a lost connection leaves the
 * fate of everything unconfirmed unknown; a blocked broker lets messages pile up in our memory.
 */
import type { ConfirmChannel, Message } from "amqplib";
import { BrokerUnavailable } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import { describeError, type LogPort } from "../../ports/log.ts";
import type { BrokerConnection } from "./connection.ts";
import { ManagedChannel } from "./managed_channel.ts";

/** Measured: full throughput of a quorum queue at 5 ms confirm latency; more only adds latency. */
const windowSize = 200;
const sweepIntervalMs = 1000;

export interface OutgoingMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly messageId: string;
  readonly type: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface PublisherOptions {
  readonly connection: BrokerConnection;
  readonly clock: Clock;
  readonly log: LogPort;
  /** How long one confirm may take before the channel is given up. */
  readonly confirmTimeoutMs: number;
  /** Runs before the first message on every new channel. */
  prepare(): Promise<void>;
}

interface Unconfirmed {
  readonly sentAtMs: number;
  returnedBecause: string | undefined;
  readonly settle: (failure: BrokerUnavailable | undefined) => void;
}

export class ConfirmPublisher {
  readonly #options: PublisherOptions;
  readonly #channel: ManagedChannel<ConfirmChannel>;
  readonly #unconfirmed = new Map<string, Unconfirmed>();
  #live: ConfirmChannel | undefined;
  #waiting: PromiseWithResolvers<void>[] = [];
  #inFlightCount = 0;
  #lastToken = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#channel = new ManagedChannel<ConfirmChannel>({
      connection: options.connection,
      clock: options.clock,
      log: options.log,
      purpose: "publish",
      open: (model) => model.createConfirmChannel(),
      onOpen: async (channel) => {
        await options.prepare();
        channel.on("return", (message) => this.#noteReturn(message));
        this.#live = channel;
      },
      onLost: () => {
        this.#live = undefined;
        this.#failAll("the channel was lost before the confirm");
      },
    });
  }

  start(): void {
    this.#channel.start();
    this.#sweep ??= setInterval(() => this.#giveUpOverdue(), sweepIntervalMs).unref();
  }

  get isReady(): boolean {
    return this.#live !== undefined && this.#options.connection.blockedReason === undefined;
  }

  get unconfirmedCount(): number {
    return this.#unconfirmed.size;
  }

  /** Resolves when a queue has the message for good. Rejects with BrokerUnavailable: publish it again. */
  async publish(message: OutgoingMessage): Promise<void> {
    await this.#takeSlot();
    try {
      await this.#send(message);
    } finally {
      this.#releaseSlot();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await this.#channel.close();
    this.#failAll("the publisher was closed");
  }

  #send(message: OutgoingMessage): Promise<void> {
    const channel = this.#live;
    const { blockedReason } = this.#options.connection;
    if (channel === undefined) throw unavailable("not connected");
    if (blockedReason !== undefined) throw unavailable(`the broker blocks publishers (${blockedReason})`);
    return new Promise((resolve, reject) => {
      // The message id is the event's and is shared by its deliveries, so returns need a key of their own.
      this.#lastToken += 1;
      const token = String(this.#lastToken);
      const settle = (failure: BrokerUnavailable | undefined) => {
        if (!this.#unconfirmed.delete(token)) return;
        if (failure === undefined) resolve();
        else reject(failure);
      };
      this.#unconfirmed.set(token, { sentAtMs: performance.now(), returnedBecause: undefined, settle });
      try {
        channel.publish(
          message.exchange,
          message.routingKey,
          message.body,
          {
            persistent: true,
            mandatory: true,
            contentType: "application/json",
            messageId: message.messageId,
            correlationId: token,
            type: message.type,
            headers: { ...message.headers },
          },
          (error) => this.#noteConfirm(token, error),
        );
      } catch (error) {
        settle(unavailable(describeError(error)));
      }
    });
  }

  #noteConfirm(token: string, error: unknown): void {
    const entry = this.#unconfirmed.get(token);
    if (entry === undefined) return;
    if (error) entry.settle(unavailable(`the message was not taken (${describeError(error)})`));
    else if (entry.returnedBecause !== undefined) entry.settle(unavailable(entry.returnedBecause));
    else entry.settle(undefined);
  }

  /** A return comes before the confirm of the same message. */
  #noteReturn(message: Message): void {
    const entry = this.#unconfirmed.get(String(message.properties.correlationId));
    if (entry === undefined) return;
    const { exchange, routingKey } = message.fields;
    entry.returnedBecause = `no queue takes exchange "${exchange}", key "${routingKey}"`;
  }

  #giveUpOverdue(): void {
    const [oldest] = this.#unconfirmed.values();
    if (oldest === undefined) return;
    if (performance.now() - oldest.sentAtMs < this.#options.confirmTimeoutMs) return;
    this.#options.log.error("broker.confirm_timeout", { unconfirmed: this.#unconfirmed.size });
    this.#live = undefined;
    this.#failAll(`no confirm within ${this.#options.confirmTimeoutMs} ms`);
    this.#channel.reopen();
  }

  #failAll(reason: string): void {
    for (const entry of [...this.#unconfirmed.values()]) entry.settle(unavailable(reason));
    for (const waiting of this.#waiting.splice(0)) waiting.reject(unavailable(reason));
  }

  async #takeSlot(): Promise<void> {
    if (this.#inFlightCount >= windowSize) {
      const turn = Promise.withResolvers<void>();
      this.#waiting.push(turn);
      // The slot is handed over, not freed, so the count stays as it is.
      return turn.promise;
    }
    this.#inFlightCount += 1;
  }

  #releaseSlot(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inFlightCount -= 1;
    else next.resolve();
  }
}

function unavailable(reason: string): BrokerUnavailable {
  return new BrokerUnavailable(`IM_BROKER_UNAVAILABLE: expected a confirmed publish, got: ${reason}`);
}
