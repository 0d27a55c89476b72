/** The lane that each contender works off, and what lies on it. */
import { connect } from "amqplib";
import { brokerNames } from "../../sidecar/src/adapters/rabbitmq/names.ts";
import { RabbitMqBroker } from "../../sidecar/src/adapters/rabbitmq/rabbitmq_broker.ts";
import { declareLane, declareTopology } from "../../sidecar/src/adapters/rabbitmq/topology.ts";
import { systemClock } from "../../sidecar/src/adapters/system_clock.ts";
import type { Claim, Endpoint } from "../../sidecar/src/domain/delivery.ts";
import type { LogPort } from "../../sidecar/src/ports/log.ts";
import { loopback } from "../../stack/ports.ts";
import { shared } from "./contender.ts";
import { buildEventBody } from "./event_body.ts";

export const laneEndpointId = 1;

const readyDeadlineMs = 15_000;
const quiet: LogPort = { debug() {}, info() {}, warn() {}, error: console.error };

export function buildLaneEndpoint(url: string): Endpoint {
  return {
    id: laneEndpointId,
    name: "Bench receiver",
    state: "active",
    url,
    auth: { kind: "none" },
    tls: {},
    signingSecrets: ["whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"],
    timeoutMs: 15_000,
    concurrency: shared.concurrency,
    window: shared.prefetch,
    maxAttempts: 8,
    retryBaseS: 30,
    retryCapS: 21_600,
    retryAfterMaxS: 3_600,
    allowedAddresses: [loopback],
  };
}

/** Fills lanes as the relay does, and bare ones for the pump. */
export class LaneFiller {
  readonly #url: string;
  #lastDeliveryId = 0;

  constructor(amqpUrl: string) {
    this.#url = amqpUrl;
  }

  /** Whole claims, through the product's own publisher; declares what is missing. */
  async fillWithClaims(scope: string, count: number): Promise<void> {
    const broker = new RabbitMqBroker({
      url: this.#url,
      scope,
      worker: "filler",
      clock: systemClock,
      log: quiet,
    });
    broker.start();
    const startedAt = performance.now();
    while (!broker.isConnected) {
      if (performance.now() - startedAt > readyDeadlineMs) throw new Error("expected RabbitMQ to answer");
      await systemClock.sleep(20, AbortSignal.timeout(readyDeadlineMs));
    }
    await Promise.all(Array.from({ length: count }, () => broker.publishClaim(this.#nextClaim())));
    await broker.close(AbortSignal.timeout(readyDeadlineMs));
  }

  /** Bodies only, on a lane declared as the product declares it. */
  async fillWithBodies(scope: string, count: number): Promise<void> {
    const names = brokerNames(scope);
    const queue = names.laneQueue(laneEndpointId, "urgent");
    const connection = await connect(this.#url);
    await declareTopology(connection, names);
    await declareLane(connection, names, laneEndpointId, "urgent");
    const channel = await connection.createConfirmChannel();
    for (let number = 1; number <= count; number += 1) {
      const { webhookId, body } = this.#nextClaim();
      channel.sendToQueue(queue, Buffer.from(body), { persistent: true, messageId: webhookId });
    }
    await channel.waitForConfirms();
    await connection.close();
  }

  /** Outcomes of earlier rounds would only make the broker slower. */
  async purge(scope: string): Promise<void> {
    const names = brokerNames(scope);
    const connection = await connect(this.#url);
    const channel = await connection.createChannel();
    await channel.purgeQueue(names.reports);
    await connection.close();
  }

  #nextClaim(): Claim {
    this.#lastDeliveryId += 1;
    const deliveryId = this.#lastDeliveryId;
    return {
      deliveryId,
      attemptNumber: 1,
      scheduleStep: 1,
      endpointId: laneEndpointId,
      lane: "urgent",
      webhookId: `6b5f9f2e-3c60-4b5c-9d4b-${String(deliveryId).padStart(12, "0")}`,
      eventType: "odoo.res.partner.changed.v1",
      recordKey: `res.partner,${deliveryId}`,
      sequence: deliveryId,
      recordedAt: new Date().toISOString(),
      body: buildEventBody(deliveryId).toString("utf8"),
    };
  }
}
