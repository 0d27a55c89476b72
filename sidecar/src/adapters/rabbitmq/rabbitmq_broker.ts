/** BrokerPort over RabbitMQ: the topology of one environment, two connections, and their consumers. */
import { randomUUID } from "node:crypto";
import type { Claim, Lane, Outcome } from "../../domain/delivery.ts";
import type { BrokerPort, Received } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LogPort } from "../../ports/log.ts";
import { BrokerConnection } from "./connection.ts";
import { QueueConsumer, type Taken } from "./consumer.ts";
import { DeclaredOnce } from "./declared_once.ts";
import {
  type Readable,
  readClaimBody,
  readReportBody,
  writeClaimBody,
  writeReportBody,
} from "./message_body.ts";
import { type BrokerNames, brokerNames } from "./names.ts";
import { ConfirmPublisher } from "./publisher.ts";
import { SideQueues } from "./side_queues.ts";
import { declareLane, declareTopology } from "./topology.ts";

const sidePrefetch = 50;
const noBytes = Buffer.alloc(0);

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
  readonly #consuming: BrokerConnection;
  readonly #publisher: ConfirmPublisher;
  readonly #declared: DeclaredOnce;
  readonly #side: SideQueues;
  readonly #consumers = new Map<string, QueueConsumer>();
  readonly #stopped = new AbortController();

  constructor(options: RabbitMqOptions) {
    this.#options = options;
    const { clock, log, worker } = options;
    this.#names = brokerNames(options.scope);
    this.#publishing = new BrokerConnection({ ...options, name: `integration-monitor ${worker} publish` });
    this.#consuming = new BrokerConnection({ ...options, name: `integration-monitor ${worker} consume` });
    this.#declared = new DeclaredOnce(this.#publishing);
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
    return this.#publisher.isReady && this.#consuming.model !== undefined;
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
    await this.#cancel(this.#names.laneQueue(endpointId, lane));
  }

  async consumeReports(
    prefetch: number,
    onReport: (message: Received<readonly Outcome[]>) => void,
  ): Promise<void> {
    this.#consume(this.#names.reports, prefetch, (taken) => this.#read(taken, readReportBody, onReport));
  }

  async cancelReports(): Promise<void> {
    await this.#cancel(this.#names.reports);
  }

  async close(signal: AbortSignal): Promise<void> {
    this.#stopped.abort();
    await Promise.all([...this.#consumers.keys()].map((queue) => this.#cancel(queue)));
    while (this.#publisher.unconfirmedCount > 0 && !signal.aborted)
      await this.#options.clock.sleep(20, signal);
    await this.#publisher.close();
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }

  #consume(
    queue: string,
    prefetch: number,
    onMessage: (taken: Taken) => void,
    declare: () => Promise<void> = () => this.#ensureTopology(),
  ): void {
    if (this.#consumers.has(queue)) return;
    const consumer = new QueueConsumer({
      connection: this.#consuming,
      clock: this.#options.clock,
      log: this.#options.log,
      queue,
      prefetch,
      declare: async () => {
        // Both connections come back after a restart, in any order; declarations need the publishing one.
        await this.#publishing.whenOpen(this.#stopped.signal);
        await declare();
      },
      onQueueDeleted: () => this.#declared.forgetAll(),
      onMessage,
    });
    this.#consumers.set(queue, consumer);
    consumer.start();
  }

  async #cancel(queue: string): Promise<void> {
    const consumer = this.#consumers.get(queue);
    this.#consumers.delete(queue);
    await consumer?.stop();
  }

  #noteLaneVanished(queue: string): void {
    this.#declared.forget(queue);
    this.#consumers.get(queue)?.resubscribe();
  }

  #read<T>(taken: Taken, read: (body: Buffer) => Readable<T>, onValue: (message: Received<T>) => void): void {
    const body = read(taken.message.content);
    if (body.kind === "unreadable") this.#side.moveToDead(taken, body.reason);
    else {
      // Read: what is kept until the acknowledgement need not keep the bytes.
      taken.message.content = noBytes;
      onValue({
        value: body.value,
        isRedelivered: taken.message.fields.redelivered,
        get isOurs() {
          return taken.isOurs;
        },
        ack: () => taken.ack(),
      });
    }
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
