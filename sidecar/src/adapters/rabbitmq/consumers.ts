/** The consumers of the sidecar, one per queue; each lives until it is cancelled. */
import type { Received } from "../../ports/broker.ts";
import type { BrokerConnection } from "./connection.ts";
import type { ConnectionPool } from "./connection_pool.ts";
import { QueueConsumer, type QueueConsumerOptions, type Taken } from "./consumer.ts";
import type { Readable } from "./message_body.ts";

const noBytes = Buffer.alloc(0);

type CommonOptions = Pick<QueueConsumerOptions, "clock" | "log" | "onQueueDeleted">;

interface RunningConsumer {
  readonly consumer: QueueConsumer;
  readonly connection: BrokerConnection;
}

export class QueueConsumers {
  readonly #connections: ConnectionPool;
  readonly #common: CommonOptions;
  readonly #byQueue = new Map<string, RunningConsumer>();

  constructor({ connections, ...common }: CommonOptions & { readonly connections: ConnectionPool }) {
    this.#connections = connections;
    this.#common = common;
  }

  /** Begins to take from a queue, unless that is done already. */
  start(own: Pick<QueueConsumerOptions, "queue" | "prefetch" | "declare" | "onMessage">): void {
    if (this.#byQueue.has(own.queue)) return;
    const connection = this.#connections.take();
    const consumer = new QueueConsumer({ ...this.#common, ...own, connection });
    this.#byQueue.set(own.queue, { consumer, connection });
    consumer.start();
  }

  /** The queue may have been replaced without a word from the broker. */
  resubscribe(queue: string): void {
    this.#byQueue.get(queue)?.consumer.resubscribe();
  }

  async cancel(queue: string): Promise<void> {
    const running = this.#byQueue.get(queue);
    if (running === undefined) return;
    this.#byQueue.delete(queue);
    await running.consumer.stop();
    this.#connections.release(running.connection);
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
  return { kind: "read", value: receive(taken, body.value) };
}

export function receive<T>(taken: Taken, value: T): Received<T> {
  return {
    value,
    isRedelivered: taken.message.fields.redelivered,
    get isOurs() {
      return taken.isOurs;
    },
    ack: () => taken.ack(),
  };
}
