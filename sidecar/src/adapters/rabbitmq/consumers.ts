/** The consumers of one connection, one per queue; each lives until it is cancelled. */
import type { Received } from "../../ports/broker.ts";
import { QueueConsumer, type QueueConsumerOptions, type Taken } from "./consumer.ts";
import type { Readable } from "./message_body.ts";

const noBytes = Buffer.alloc(0);

export class QueueConsumers {
  readonly #common: Pick<QueueConsumerOptions, "connection" | "clock" | "log" | "onQueueDeleted">;
  readonly #byQueue = new Map<string, QueueConsumer>();

  constructor(common: Pick<QueueConsumerOptions, "connection" | "clock" | "log" | "onQueueDeleted">) {
    this.#common = common;
  }

  /** Begins to take from a queue, unless that is done already. */
  start(own: Pick<QueueConsumerOptions, "queue" | "prefetch" | "declare" | "onMessage">): void {
    if (this.#byQueue.has(own.queue)) return;
    const consumer = new QueueConsumer({ ...this.#common, ...own });
    this.#byQueue.set(own.queue, consumer);
    consumer.start();
  }

  /** The queue may have been replaced without a word from the broker. */
  resubscribe(queue: string): void {
    this.#byQueue.get(queue)?.resubscribe();
  }

  async cancel(queue: string): Promise<void> {
    const consumer = this.#byQueue.get(queue);
    this.#byQueue.delete(queue);
    await consumer?.stop();
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#byQueue.keys()].map((queue) => this.cancel(queue)));
  }
}

/** The message as the pipeline knows it, or why it cannot be read. */
export function readTaken<T>(taken: Taken, read: (body: Buffer) => Readable<T>): Readable<Received<T>> {
  const body = read(taken.message.content);
  if (body.kind === "unreadable") return body;
  // Read: what is kept until the acknowledgement need not keep the bytes.
  taken.message.content = noBytes;
  const value: Received<T> = {
    value: body.value,
    isRedelivered: taken.message.fields.redelivered,
    get isOurs() {
      return taken.isOurs;
    },
    ack: () => taken.ack(),
  };
  return { kind: "read", value };
}
