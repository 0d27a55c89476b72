/** Remembers what was declared on the current connection, so that a lane costs one round trip, not one per message. */
import type { ChannelModel } from "amqplib";
import { BrokerUnavailable } from "../../ports/broker.ts";
import type { BrokerConnection } from "./connection.ts";

/**
 * Declarations at the same time. Each takes a channel of the connection for its duration, and thousands of lanes at once
 * would ask for more than a broker grants.
 */
const atOnceMax = 50;

export class DeclaredOnce {
  readonly #connection: BrokerConnection;
  readonly #declared = new Map<string, Promise<void>>();
  /** A restarted broker may have lost a queue that is not durable enough: nothing outlives its connection. */
  #declaredOn: ChannelModel | undefined;
  #runningCount = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(connection: BrokerConnection) {
    this.#connection = connection;
  }

  /** Declares `name` unless that was done on this connection. Concurrent callers share one declaration. */
  async ensure(name: string, declare: (model: ChannelModel) => Promise<void>): Promise<void> {
    const { model } = this.#connection;
    if (model === undefined) {
      throw new BrokerUnavailable("IM_BROKER_UNAVAILABLE: expected a connection to the broker, got none");
    }
    if (this.#declaredOn !== model) {
      this.#declared.clear();
      this.#declaredOn = model;
    }
    const known = this.#declared.get(name);
    if (known !== undefined) return known;
    const declaring = this.#inTurn(() => declare(model)).catch((error: unknown) => {
      if (this.#declared.get(name) === declaring) this.#declared.delete(name);
      throw error;
    });
    this.#declared.set(name, declaring);
    return declaring;
  }

  async #inTurn(declare: () => Promise<void>): Promise<void> {
    if (this.#runningCount >= atOnceMax) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    } else {
      this.#runningCount += 1;
    }
    try {
      await declare();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed over, not freed, so the count stays as it is.
      if (next) next();
      else this.#runningCount -= 1;
    }
  }

  forget(name: string): void {
    this.#declared.delete(name);
  }

  forgetAll(): void {
    this.#declared.clear();
  }
}
