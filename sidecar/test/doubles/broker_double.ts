import type { Claim, Lane, Outcome } from "../../src/domain/delivery.ts";
import {
  type BrokerPort,
  BrokerUnavailable,
  type ParkedMessage,
  type Received,
} from "../../src/ports/broker.ts";

interface Ready<T> {
  readonly value: T;
  readonly isRedelivered: boolean;
}

interface Queue<T> {
  readonly ready: Ready<T>[];
  readonly unsettled: Set<{ readonly value: T }>;
  consumer: { readonly prefetch: number; readonly take: (message: Received<T>) => void } | undefined;
}

/** A broker in memory: same promises as the real one, and a switch to take it away. */
export class BrokerDouble implements BrokerPort {
  readonly publishedClaims: Claim[] = [];
  readonly publishedReports: (readonly Outcome[])[] = [];
  /** How often reports were consumed or cancelled, in order. */
  readonly reportConsumption: ("consume" | "cancel")[] = [];
  /** Deliveries whose publish is refused. */
  readonly refusedDeliveryIds = new Set<number>();
  readonly #lanes = new Map<string, Queue<Claim>>();
  readonly #reports: Queue<readonly Outcome[]> = { ready: [], unsettled: new Set(), consumer: undefined };
  readonly #parked: Queue<ParkedMessage> = { ready: [], unsettled: new Set(), consumer: undefined };
  #isConnected = true;

  get isConnected(): boolean {
    return this.#isConnected;
  }

  get unsettledReportCount(): number {
    return this.#reports.ready.length + this.#reports.unsettled.size;
  }

  get unsettledParkedCount(): number {
    return this.#parked.ready.length + this.#parked.unsettled.size;
  }

  /** A message that belongs to no delivery comes to the queue of parked ones. */
  addParked(message: ParkedMessage): void {
    this.#add(this.#parked, message);
  }

  /** Loses the connection: what was unsettled goes back to its place. */
  disconnect(): void {
    this.#isConnected = false;
    for (const lane of this.#lanes.values()) giveBack(lane);
    giveBack(this.#reports);
    giveBack(this.#parked);
  }

  reconnect(): void {
    this.#isConnected = true;
    for (const lane of this.#lanes.values()) this.#pump(lane);
    this.#pump(this.#reports);
    this.#pump(this.#parked);
  }

  async publishClaim(claim: Claim): Promise<void> {
    this.#assertConnected();
    if (this.refusedDeliveryIds.has(claim.deliveryId)) throw new BrokerUnavailable("refused by the test");
    this.publishedClaims.push(claim);
    this.#add(this.#lane(claim.endpointId, claim.lane), claim);
  }

  async publishOutcomes(outcomes: readonly Outcome[]): Promise<void> {
    this.#assertConnected();
    this.publishedReports.push(outcomes);
    this.#add(this.#reports, outcomes);
  }

  async consumeLane(
    endpointId: number,
    lane: Lane,
    prefetch: number,
    onClaim: (message: Received<Claim>) => void,
  ): Promise<void> {
    this.#subscribe(this.#lane(endpointId, lane), prefetch, onClaim);
  }

  async cancelLane(endpointId: number, lane: Lane): Promise<void> {
    this.#lane(endpointId, lane).consumer = undefined;
  }

  async consumeReports(
    prefetch: number,
    onReport: (message: Received<readonly Outcome[]>) => void,
  ): Promise<void> {
    this.reportConsumption.push("consume");
    this.#subscribe(this.#reports, prefetch, onReport);
  }

  async cancelReports(): Promise<void> {
    this.reportConsumption.push("cancel");
    this.#reports.consumer = undefined;
    giveBack(this.#reports);
  }

  async consumeParked(
    prefetch: number,
    onMessage: (message: Received<ParkedMessage>) => void,
  ): Promise<void> {
    this.#subscribe(this.#parked, prefetch, onMessage);
  }

  async cancelParked(): Promise<void> {
    this.#parked.consumer = undefined;
    giveBack(this.#parked);
  }

  async close(): Promise<void> {
    this.disconnect();
  }

  #lane(endpointId: number, lane: Lane): Queue<Claim> {
    const name = `${endpointId}.${lane}`;
    const queue = this.#lanes.get(name) ?? { ready: [], unsettled: new Set(), consumer: undefined };
    this.#lanes.set(name, queue);
    return queue;
  }

  #subscribe<T>(queue: Queue<T>, prefetch: number, take: (message: Received<T>) => void): void {
    if (queue.consumer !== undefined) return;
    queue.consumer = { prefetch, take };
    this.#pump(queue);
  }

  #add<T>(queue: Queue<T>, value: T): void {
    queue.ready.push({ value, isRedelivered: false });
    this.#pump(queue);
  }

  #pump<T>(queue: Queue<T>): void {
    while (
      this.#isConnected &&
      queue.consumer !== undefined &&
      queue.unsettled.size < queue.consumer.prefetch
    ) {
      const held = queue.ready.shift();
      if (held === undefined) return;
      queue.unsettled.add(held);
      const { take } = queue.consumer;
      // A real broker never hands a message out inside the call that asked for it.
      queueMicrotask(() => {
        if (!queue.unsettled.has(held)) return;
        take({
          ...held,
          get isOurs() {
            return queue.unsettled.has(held);
          },
          ack: () => {
            if (queue.unsettled.delete(held)) this.#pump(queue);
          },
        });
      });
    }
  }

  #assertConnected(): void {
    if (!this.#isConnected) throw new BrokerUnavailable("disconnected by the test");
  }
}

function giveBack<T>(queue: Queue<T>): void {
  queue.ready.unshift(...[...queue.unsettled].map(({ value }) => ({ value, isRedelivered: true })));
  queue.unsettled.clear();
}
