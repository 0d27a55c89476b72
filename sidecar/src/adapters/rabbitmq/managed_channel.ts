import type { Channel, ChannelModel } from "amqplib";
import { backoffMs, brokerBackoffMaxMs } from "../../domain/backoff.ts";
import type { Clock } from "../../ports/clock.ts";
import { describeError, type LogPort } from "../../ports/log.ts";
import type { BrokerConnection } from "./connection.ts";

export interface ManagedChannelOptions<C extends Channel> {
  readonly connection: BrokerConnection;
  readonly clock: Clock;
  readonly log: LogPort;
  /** What the channel is for, in logs. */
  readonly purpose: string;
  open(model: ChannelModel): Promise<C>;
  /** Declares and subscribes; runs again on every new channel. A rejection counts as a failed opening. */
  onOpen(channel: C): Promise<void>;
  /** The channel is dead: nothing sent or taken on it can be settled any more. */
  onLost(): void;
}

/** A channel that is opened again, with backoff, whenever it dies while it is wanted. */
export class ManagedChannel<C extends Channel> {
  readonly #options: ManagedChannelOptions<C>;
  readonly #stopped = new AbortController();
  #channel: C | undefined;
  #run: Promise<void> | undefined;

  constructor(options: ManagedChannelOptions<C>) {
    this.#options = options;
  }

  start(): void {
    this.#run ??= this.#keepOpen();
  }

  /** Gives up this channel; a new one is opened. For a broker that no longer answers on it. */
  reopen(): void {
    void this.#channel?.close().catch(() => {});
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#channel?.close().catch(() => {});
    await this.#run;
  }

  async #keepOpen(): Promise<void> {
    const { connection, clock, log, purpose } = this.#options;
    const stopped = this.#stopped.signal;
    for (let failureCount = 0; !stopped.aborted; ) {
      const model = await connection.whenOpen(stopped);
      if (model === undefined) return;
      let reason: string;
      try {
        reason = await this.#hold(model, () => {
          failureCount = 0;
        });
      } catch (error) {
        reason = describeError(error);
      }
      if (stopped.aborted) return;
      failureCount += 1;
      log[chooseLevel(reason, connection.model === model)]("broker.channel_lost", { purpose, reason });
      await clock.sleep(backoffMs(failureCount, clock.random(), brokerBackoffMaxMs), stopped);
    }
  }

  async #hold(model: ChannelModel, onReady: () => void): Promise<string> {
    const channel = await this.#options.open(model);
    const closed = Promise.withResolvers<string>();
    let reason = "closed";
    channel.on("error", (error) => {
      reason = describeError(error);
    });
    channel.on("handler-error", (error) =>
      this.#options.log.error("broker.listener_failed", { reason: describeError(error) }),
    );
    channel.on("close", () => closed.resolve(reason));
    this.#channel = channel;
    try {
      if (!this.#stopped.signal.aborted) {
        await Promise.race([this.#options.onOpen(channel), closed.promise]);
        onReady();
      }
      if (this.#stopped.signal.aborted) await channel.close().catch(() => {});
      return await closed.promise;
    } finally {
      this.#channel = undefined;
      this.#options.onLost();
      // Idempotent: a channel whose set-up failed is still open and must not stay behind.
      await channel.close().catch(() => {});
    }
  }
}

/** A lost connection has told so itself: its channels need not repeat it. */
function chooseLevel(reason: string, isConnectionOpen: boolean): "debug" | "warn" | "error" {
  if (reason.startsWith("IM_BROKER_TOPOLOGY")) return "error";
  return isConnectionOpen ? "warn" : "debug";
}
