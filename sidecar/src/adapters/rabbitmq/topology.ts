/**
 * What exists on the broker:
 *
 *   lane (direct) ──<endpoint>.<class>──> lane.<endpoint>.<class>     one queue per endpoint and class
 *     └─ alternate ──> unrouted          a lane vanished: drained by declaring it and publishing again
 *   reports            outcomes on their way to Odoo
 *   dead               delivery limit reached or unreadable: drained into poison outcomes
 *   parked             what even the drain cannot attribute to a delivery: waits until Odoo has it for a person
 *
 * All queues are quorum queues with an explicit delivery limit (RabbitMQ 4 would default to 20) and
 * `reject-publish`, without which at-least-once dead-lettering silently falls back to at-most-once.
 */
import type { Channel, ChannelModel } from "amqplib";
import type { Lane } from "../../domain/delivery.ts";
import { BrokerUnavailable } from "../../ports/broker.ts";
import { describeError } from "../../ports/log.ts";
import type { BrokerNames } from "./names.ts";

interface QueueLimits {
  readonly deliveryLimit: number;
  readonly lengthMax: number;
}

/** Odoo's window keeps lanes short; the bound only stops a runaway. */
const laneLimits: QueueLimits = { deliveryLimit: 200, lengthMax: 100_000 };
/** Each outage of Odoo costs a waiting report one delivery. */
const reportLimits: QueueLimits = { deliveryLimit: 1000, lengthMax: 1_000_000 };
const sideLimits: QueueLimits = { deliveryLimit: 1000, lengthMax: 100_000 };

export async function declareTopology(model: ChannelModel, names: BrokerNames): Promise<void> {
  await withChannel(model, async (channel) => {
    await declareFanout(channel, names.parked, sideLimits, undefined);
    await declareFanout(channel, names.dead, sideLimits, names.parked);
    await declareFanout(channel, names.unrouted, sideLimits, names.dead);
    await declareFanout(channel, names.reports, reportLimits, names.dead);
    await channel.assertExchange(names.laneExchange, "direct", {
      durable: true,
      alternateExchange: names.unrouted,
    });
  });
}

export async function declareLane(
  model: ChannelModel,
  names: BrokerNames,
  endpointId: number,
  lane: Lane,
): Promise<void> {
  const queue = names.laneQueue(endpointId, lane);
  await withChannel(model, async (channel) => {
    await declareQueue(channel, queue, laneLimits, names.dead);
    await channel.bindQueue(queue, names.laneExchange, names.laneKey(endpointId, lane));
  });
}

async function declareFanout(
  channel: Channel,
  name: string,
  limits: QueueLimits,
  deadLetterExchange: string | undefined,
): Promise<void> {
  await channel.assertExchange(name, "fanout", { durable: true });
  await declareQueue(channel, name, limits, deadLetterExchange);
  await channel.bindQueue(name, name, "");
}

async function declareQueue(
  channel: Channel,
  queue: string,
  limits: QueueLimits,
  deadLetterExchange: string | undefined,
): Promise<void> {
  const deadLettering = {
    "x-dead-letter-exchange": deadLetterExchange,
    "x-dead-letter-strategy": "at-least-once",
  };
  await channel.assertQueue(queue, {
    durable: true,
    arguments: {
      "x-queue-type": "quorum",
      "x-overflow": "reject-publish",
      "x-max-length": limits.lengthMax,
      "x-delivery-limit": limits.deliveryLimit,
      ...(deadLetterExchange === undefined ? {} : deadLettering),
    },
  });
}

/** A refused declaration closes its channel, so declarations never share one with messages. */
async function withChannel(model: ChannelModel, declare: (channel: Channel) => Promise<void>): Promise<void> {
  const channel = await model.createChannel();
  // Without a listener an `error` event would end the process; the rejected call below tells the same.
  channel.on("error", () => {});
  try {
    await declare(channel);
  } catch (error) {
    throw new BrokerUnavailable(explainRefusal(error));
  }
  await channel.close();
}

function explainRefusal(error: unknown): string {
  const text = describeError(error);
  if (text.includes("406")) {
    return (
      `IM_BROKER_TOPOLOGY: a queue or exchange exists with other arguments than expected (${text}). ` +
      "Let it run empty and delete it, or give the sidecar a virtual host of its own"
    );
  }
  return `IM_BROKER_UNAVAILABLE: expected the broker to declare a queue or exchange, got: ${text}`;
}
