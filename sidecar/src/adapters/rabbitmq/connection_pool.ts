/**
 * Connections for consumers. Each consumer has a channel of its own, so that a fault of one lane stays there, and a broker
 * grants a connection only so many (RabbitMQ by default 2,047): more lanes take more connections.
 */
import type { BrokerConnection } from "./connection.ts";

/** Well below what brokers grant; a thousand heartbeats less than a connection per lane. */
export const channelsPerConnection = 1_000;

export class ConnectionPool {
  readonly #open: (number: number) => BrokerConnection;
  /** Connection → consumers it carries. */
  readonly #loads = new Map<BrokerConnection, number>();

  /** @param open makes the connection of that number, from 1; the pool starts and closes it */
  constructor(open: (number: number) => BrokerConnection) {
    this.#open = open;
  }

  start(): void {
    if (this.#loads.size === 0) this.#add();
  }

  /** Whether messages can come at all: one connection that is still being made does not stop the others' work. */
  get isOpen(): boolean {
    return [...this.#loads.keys()].some(({ model }) => model !== undefined);
  }

  /** A connection with room for one more consumer. Give it back with `release`. */
  take(): BrokerConnection {
    const roomy = [...this.#loads].find(([, load]) => load < channelsPerConnection);
    const connection = roomy?.[0] ?? this.#add();
    this.#loads.set(connection, (this.#loads.get(connection) ?? 0) + 1);
    return connection;
  }

  release(connection: BrokerConnection): void {
    this.#loads.set(connection, (this.#loads.get(connection) ?? 1) - 1);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#loads.keys()].map((connection) => connection.close()));
  }

  #add(): BrokerConnection {
    const connection = this.#open(this.#loads.size + 1);
    this.#loads.set(connection, 0);
    connection.start();
    return connection;
  }
}
