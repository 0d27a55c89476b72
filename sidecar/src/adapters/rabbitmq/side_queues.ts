/**
 * What happens to messages that left the road:
 *
 *   unrouted ── a claim ──> its lane is declared again, published again
 *            └─ anything else ──> dead
 *   dead ── a report ──> reports, again (its delivery count starts anew)
 *        ├─ delivery-id and attempt-number in the headers ──> a poison outcome on reports: a person sees it
 *        └─ else ──> parked, with an error in the log; from there into Odoo, where a person sees it
 *
 * A message leaves its queue only after the next queue has confirmed it.
 */
import { randomUUID } from "node:crypto";
import type { ConsumeMessage } from "amqplib";
import type { Outcome } from "../../domain/delivery.ts";
import type { BrokerPort } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import { describeError, type LogPort } from "../../ports/log.ts";
import type { Taken } from "./consumer.ts";
import { readClaimBody, readReportBody } from "./message_body.ts";
import type { BrokerNames } from "./names.ts";
import { describeParking } from "./parked_message.ts";
import type { ConfirmPublisher } from "./publisher.ts";

const retryDelayMs = 1000;

export interface SideQueuesOptions {
  readonly names: BrokerNames;
  readonly publisher: ConfirmPublisher;
  readonly publishClaim: BrokerPort["publishClaim"];
  readonly publishOutcomes: BrokerPort["publishOutcomes"];
  /**
   * The lane is gone: the next publish declares it, and its consumer subscribes anew. Seen on RabbitMQ 3.10:
   * a consumer is not always told that its quorum queue was deleted, and would wait on nothing.
   */
  noteLaneVanished(endpointId: number, lane: "urgent" | "batch"): void;
  onParked(): void;
  readonly worker: string;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly stopped: AbortSignal;
}

export class SideQueues {
  readonly #options: SideQueuesOptions;

  constructor(options: SideQueuesOptions) {
    this.#options = options;
  }

  takeUnrouted(taken: Taken): void {
    const claim = readClaimBody(taken.message.content);
    if (claim.kind === "unreadable") {
      this.moveToDead(taken, claim.reason);
      return;
    }
    const { deliveryId, endpointId, lane } = claim.value;
    this.#options.log.warn("broker.lane_restored", {
      delivery_id: deliveryId,
      endpoint_id: endpointId,
      lane,
    });
    this.#options.noteLaneVanished(endpointId, lane);
    void this.#moveOn(taken, () => this.#options.publishClaim(claim.value));
  }

  takeDead(taken: Taken): void {
    const { names, log, publisher } = this.#options;
    const report = readReportBody(taken.message.content);
    if (report.kind === "read") {
      void this.#moveOn(taken, () => this.#options.publishOutcomes(report.value));
      return;
    }
    const outcome = this.#readPoisonOutcome(taken.message);
    if (outcome !== undefined) {
      log.error("delivery.poisoned", {
        delivery_id: outcome.deliveryId,
        attempt_number: outcome.attemptNumber,
      });
      void this.#moveOn(taken, () => this.#options.publishOutcomes([outcome]));
      return;
    }
    this.#options.onParked();
    log.error("broker.message_parked", {
      code: "IM_MESSAGE_PARKED",
      queue: names.parked,
      message_id: taken.message.properties.messageId,
    });
    const reason = report.reason;
    const copy = copyOf(taken.message, names.parked, describeParking(taken, reason, randomUUID()));
    void this.#moveOn(taken, () => publisher.publish(copy));
  }

  moveToDead(taken: Taken, reason: string): void {
    const { names, log, publisher } = this.#options;
    log.error("broker.message_unreadable", { queue: taken.queue, reason });
    const copy = copyOf(taken.message, names.dead, { "unreadable-because": reason, "found-in": taken.queue });
    void this.#moveOn(taken, () => publisher.publish(copy));
  }

  #readPoisonOutcome(message: ConsumeMessage): Outcome | undefined {
    const headers = message.properties.headers ?? {};
    const deliveryId: unknown = headers["delivery-id"];
    const attemptNumber: unknown = headers["attempt-number"];
    if (!isCount(deliveryId) || !isCount(attemptNumber)) return undefined;
    const why: unknown = headers["unreadable-because"];
    const error =
      typeof why === "string" ? why : "IM_DELIVERY_LIMIT: the message came back too often unsettled";
    return {
      deliveryId,
      attemptNumber,
      startedAt: this.#options.clock.now().toISOString(),
      durationMs: 0,
      statusCode: 0,
      responseExcerpt: "",
      decision: { kind: "failed", failureClass: "poison", error, stopEndpoint: false },
      worker: this.#options.worker,
    };
  }

  /** Repeats until confirmed or until the broker has taken the message back. */
  async #moveOn(taken: Taken, publish: () => Promise<void>): Promise<void> {
    const { clock, log, stopped } = this.#options;
    while (taken.isOurs && !stopped.aborted) {
      try {
        await publish();
        taken.ack();
        return;
      } catch (error) {
        log.warn("broker.move_failed", { reason: describeError(error) });
        await clock.sleep(retryDelayMs, stopped);
      }
    }
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;

/** Headers of the broker's own bookkeeping are left out: they would grow with every hop. */
function copyOf(message: ConsumeMessage, exchange: string, added: Readonly<Record<string, string>>) {
  const own = Object.entries(message.properties.headers ?? {}).filter(
    ([name]) => !/^x-(death|first-death|last-death|delivery-count)/.test(name),
  );
  return {
    exchange,
    routingKey: "",
    body: message.content,
    messageId: String(message.properties.messageId ?? ""),
    type: String(message.properties.type ?? ""),
    headers: { ...Object.fromEntries(own), ...added },
  };
}
