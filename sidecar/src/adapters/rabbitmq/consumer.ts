/** One queue's consumer, kept alive over lost channels, lost connections and a deleted queue. */
import type { Channel, ConsumeMessage } from "amqplib";
import type { Clock } from "../../ports/clock.ts";
import { describeError, type LogPort } from "../../ports/log.ts";
import { Acknowledger } from "./acknowledger.ts";
import type { BrokerConnection } from "./connection.ts";
import { ManagedChannel } from "./managed_channel.ts";

/** A message and the right to settle it, once, while the channel that brought it lives. */
export interface Taken {
  readonly message: ConsumeMessage;
  /** Where it was taken from. */
  readonly queue: string;
  ack(): void;
  /** False once the broker has taken the message back. */
  readonly isOurs: boolean;
}

export interface QueueConsumerOptions {
  readonly connection: BrokerConnection;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly queue: string;
  /** Constant: a smaller prefetch after a reconnect would reorder a quorum queue. */
  readonly prefetch: number;
  declare(): Promise<void>;
  /** The queue is gone: forget that it was declared. */
  onQueueDeleted(): void;
  onMessage(taken: Taken): void;
}

export class QueueConsumer {
  readonly #options: QueueConsumerOptions;
  readonly #channel: ManagedChannel<Channel>;
  readonly #unsettled = new Set<object>();
  #acknowledger: Acknowledger | undefined;
  #isStopping = false;

  constructor(options: QueueConsumerOptions) {
    this.#options = options;
    this.#channel = new ManagedChannel<Channel>({
      connection: options.connection,
      clock: options.clock,
      log: options.log,
      purpose: `consume ${options.queue}`,
      open: (model) => model.createChannel(),
      onOpen: (channel) => this.#subscribe(channel),
      onLost: () => this.#unsettled.clear(),
    });
  }

  start(): void {
    this.#channel.start();
  }

  /** The queue may have been replaced without a word from the broker: takes it anew. */
  resubscribe(): void {
    this.#options.onQueueDeleted();
    this.#channel.reopen();
  }

  /**
   * Takes nothing new and gives back what is unsettled, in its order: by closing the channel, because
   * single nacks would reorder a quorum queue.
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#acknowledger?.flush();
    await this.#channel.close();
  }

  async #subscribe(channel: Channel): Promise<void> {
    await this.#options.declare();
    await channel.prefetch(this.#options.prefetch);
    const acknowledger = new Acknowledger(channel, (error) =>
      this.#options.log.debug("broker.ack_dropped", { reason: describeError(error) }),
    );
    this.#acknowledger = acknowledger;
    await channel.consume(this.#options.queue, (message) => {
      if (message === null) this.#noteCancelled();
      else this.#hand(acknowledger, message);
    });
  }

  /** The broker cancelled us, usually because the queue was deleted. A new channel declares it again. */
  #noteCancelled(): void {
    this.#options.log.warn("broker.consumer_cancelled", { queue: this.#options.queue });
    this.resubscribe();
  }

  #hand(acknowledger: Acknowledger, message: ConsumeMessage): void {
    acknowledger.add(message);
    // Taken while the channel closes: left alone, it goes back when the channel closes.
    if (this.#isStopping) return;
    const unsettled = this.#unsettled;
    unsettled.add(message);
    const taken: Taken = {
      message,
      queue: this.#options.queue,
      get isOurs() {
        return unsettled.has(message);
      },
      // An ack belongs to its channel: on another one it would close that channel (406), and on a dead
      // one it throws. `unsettled` is emptied with the channel, so a late or second ack ends here.
      ack: () => {
        if (unsettled.delete(message)) acknowledger.settle(message);
      },
    };
    try {
      this.#options.onMessage(taken);
    } catch (error) {
      // A throw into amqplib would close the channel and bring the message back at once, forever.
      this.#options.log.error("broker.listener_failed", {
        queue: this.#options.queue,
        reason: describeError(error),
      });
    }
  }
}
