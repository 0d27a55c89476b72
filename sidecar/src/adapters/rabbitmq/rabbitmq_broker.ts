/** BrokerPort over RabbitMQ: the topology of one environment, two connections, and their consumers. */
import { randomUUID } from "node:crypto";
import type { Claim, Lane, Outcome } from "../../domain/delivery.ts";
import type { BrokerPort, ParkedMessage, Received } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LogPort } from "../../ports/log.ts";
import { BrokerConnection } from "./connection.ts";
import { ConnectionPool } from "./connection_pool.ts";
import type { Taken } from "./consumer.ts";
import { QueueConsumers, readTaken, receive } from "./consumers.ts";
import { DeclaredOnce } from "./declared_once.ts";
import {
  type Readable,
  readClaimBody,
  readReportBody,
  writeClaimBody,
  writeReportBody,
} from "./message_body.ts";
import { type BrokerNames, brokerNames } from "./names.ts";
import { readParkedMessage } from "./parked_message.ts";
import { ConfirmPublisher } from "./publisher.ts";
import { SideQueues } from "./side_queues.ts";
import { declareLane, declareTopology } from "./topology.ts";

const sidePrefetch = 50;

export interface RabbitMqOptions {
  readonly url: string;
  /** First 8 hex digits of the environment's uuid, part of every name. */
  readonly scope: string;
  readonly worker: string;
  readonly clock: Clock;
  readonly log: LogPort;
  /** A message waits for a person. */
  onParked?(): void;
  readonly confirmTimeoutMs?: number;
}

export class RabbitMqBroker implements BrokerPort {
  readonly #options: RabbitMqOptions;
  readonly #names: BrokerNames;
  /** Separate, because a blocked connection stops consuming too. */
  readonly #publishing: BrokerConnection;
  readonly #consuming: ConnectionPool;
  readonly #publisher: ConfirmPublisher;
  readonly #declared: DeclaredOnce;
  readonly #side: SideQueues;
  readonly #consumers: QueueConsumers;
  readonly #stopped = new AbortController();

  constructor(options: RabbitMqOptions) {
    this.#options = options;
    const { clock, log, worker } = options;
    this.#names = brokerNames(options.scope);
    this.#publishing = new BrokerConnection({ ...options, name: `integration-monitor ${worker} publish` });
    this.#consuming = new ConnectionPool(
      (number) =>
        new BrokerConnection({ ...options, name: `integration-monitor ${worker} consume ${number}` }),
    );
    this.#declared = new DeclaredOnce(this.#publishing);
    this.#consumers = new QueueConsumers({
      connections: this.#consuming,
      clock,
      log,
      onQueueDeleted: () => this.#declared.forgetAll(),
    });
    this.#publisher = new ConfirmPublisher({
      connection: this.#publishing,
      clock,
      log,
      confirmTimeoutMs: options.confirmTimeoutMs ?? 30_000,
      prepare: () => this.#ensureTopology(),
    });
    this.#side = new SideQueues({
      names: this.#names,
      publisher: this.#publisher,
      publishClaim: (claim) => this.publishClaim(claim),
      publishOutcomes: (outcomes) => this.publishOutcomes(outcomes),
      noteLaneVanished: (endpointId, lane) => this.#noteLaneVanished(this.#names.laneQueue(endpointId, lane)),
      onParked: () => options.onParked?.(),
      worker,
      clock,
      log,
      stopped: this.#stopped.signal,
    });
  }

  /** Connects in the background, forever. `isConnected` tells when work can flow. */
  start(): void {
    this.#publishing.start();
    this.#consuming.start();
    this.#publisher.start();
    this.#consume(this.#names.unrouted, sidePrefetch, (taken) => this.#side.takeUnrouted(taken));
    this.#consume(this.#names.dead, sidePrefetch, (taken) => this.#side.takeDead(taken));
  }

  get isConnected(): boolean {
    return this.#publisher.isReady && this.#consuming.isOpen;
  }

  async publishClaim(claim: Claim): Promise<void> {
    await this.#ensureLane(claim.endpointId, claim.lane);
    await this.#publisher.publish({
      exchange: this.#names.laneExchange,
      routingKey: this.#names.laneKey(claim.endpointId, claim.lane),
      body: writeClaimBody(claim),
      messageId: claim.webhookId,
      type: claim.eventType,
      headers: { "delivery-id": claim.deliveryId, "attempt-number": claim.attemptNumber },
    });
  }

  async publishOutcomes(outcomes: readonly Outcome[]): Promise<void> {
    await this.#publisher.publish({
      exchange: this.#names.reports,
      routingKey: "",
      body: writeReportBody(outcomes),
      messageId: randomUUID(),
      type: "integration.report.v1",
      headers: {},
    });
  }

  async consumeLane(
    endpointId: number,
    lane: Lane,
    prefetch: number,
    onClaim: (message: Received<Claim>) => void,
  ): Promise<void> {
    const queue = this.#names.laneQueue(endpointId, lane);
    this.#consume(
      queue,
      prefetch,
      (taken) => this.#read(taken, readClaimBody, onClaim),
      () => this.#ensureLane(endpointId, lane),
    );
  }

  async cancelLane(endpointId: number, lane: Lane): Promise<void> {
    await this.#consumers.cancel(this.#names.laneQueue(endpointId, lane));
  }

  async consumeReports(
    prefetch: number,
    onReport: (message: Received<readonly Outcome[]>) => void,
  ): Promise<void> {
    this.#consume(this.#names.reports, prefetch, (taken) => this.#read(taken, readReportBody, onReport));
  }

  async cancelReports(): Promise<void> {
    await this.#consumers.cancel(this.#names.reports);
  }

  async consumeParked(
    prefetch: number,
    onMessage: (message: Received<ParkedMessage>) => void,
  ): Promise<void> {
    this.#consume(this.#names.parked, prefetch, (taken) =>
      onMessage(receive(taken, readParkedMessage(taken))),
    );
  }

  async cancelParked(): Promise<void> {
    await this.#consumers.cancel(this.#names.parked);
  }

  async close(signal: AbortSignal): Promise<void> {
    this.#stopped.abort();
    await this.#consumers.cancelAll();
    while (this.#publisher.unconfirmedCount > 0 && !signal.aborted)
      await this.#options.clock.sleep(20, signal);
    await this.#publisher.close();
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }

  #consume(
    queue: string,
    prefetch: number,
    onMessage: (taken: Taken) => void,
    ensure: () => Promise<void> = () => this.#ensureTopology(),
  ): void {
    const declare = async () => {
      // Both connections come back after a restart, in any order; declarations need the publishing one.
      await this.#publishing.whenOpen(this.#stopped.signal);
      await ensure();
    };
    this.#consumers.start({ queue, prefetch, declare, onMessage });
  }

  #noteLaneVanished(queue: string): void {
    this.#declared.forget(queue);
    this.#consumers.resubscribe(queue);
  }

  #read<T>(taken: Taken, read: (body: Buffer) => Readable<T>, onValue: (message: Received<T>) => void): void {
    const message = readTaken(taken, read);
    if (message.kind === "unreadable") this.#side.moveToDead(taken, message.reason);
    else onValue(message.value);
  }

  #ensureTopology(): Promise<void> {
    return this.#declared.ensure("topology", (model) => declareTopology(model, this.#names));
  }

  async #ensureLane(endpointId: number, lane: Lane): Promise<void> {
    await this.#ensureTopology();
    await this.#declared.ensure(this.#names.laneQueue(endpointId, lane), (model) =>
      declareLane(model, this.#names, endpointId, lane),
    );
  }
}
