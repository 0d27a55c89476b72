/** Remembers what was declared on the current connection, so that a lane costs one round trip, not one per message. */
import type { ChannelModel } from "amqplib";
import { BrokerUnavailable } from "../../ports/broker.ts";
import type { BrokerConnection } from "./connection.ts";

export class DeclaredOnce {
  readonly #connection: BrokerConnection;
  readonly #declared = new Map<string, Promise<void>>();
  /** A restarted broker may have lost a queue that is not durable enough: nothing outlives its connection. */
  #declaredOn: ChannelModel | undefined;

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
    const declaring = declare(model).catch((error: unknown) => {
      if (this.#declared.get(name) === declaring) this.#declared.delete(name);
      throw error;
    });
    this.#declared.set(name, declaring);
    return declaring;
  }

  forget(name: string): void {
    this.#declared.delete(name);
  }

  forgetAll(): void {
    this.#declared.clear();
  }
}
