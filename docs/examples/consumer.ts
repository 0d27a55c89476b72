/**
 * A complete consumer of integration events from your own RabbitMQ: declares exchange and queue, verifies,
 * de-duplicates, keeps order per record. Needs the package amqplib. Run with Node 24:
 *   SIGNING_SECRET=whsec_… AMQP_URL=amqps://… EXCHANGE=odoo QUEUE=odoo-events node consumer.ts
 */
import { type ConsumeMessage, connect } from "amqplib";
import { apply, type IntegrationEvent, refuseReason } from "./receiver.ts";

/** What to do with a message: acknowledge it, or put it aside for a person. */
export function takeMessage(message: ConsumeMessage, secret: string): { isTaken: boolean; text: string } {
  const headers = message.properties.headers ?? {};
  // A message may have waited in the queue for days, so its age says nothing. Against replays there are the ids.
  const signedAtS = Number(headers["webhook-timestamp"]);
  const reason = refuseReason(headers, message.content, secret, signedAtS);
  if (reason) return { isTaken: false, text: reason };
  try {
    return {
      isTaken: true,
      text: apply(JSON.parse(message.content.toString("utf8")) as IntegrationEvent),
    };
  } catch (error) {
    return { isTaken: false, text: `not understood: ${(error as Error).message}` };
  }
}

async function main(): Promise<void> {
  const { SIGNING_SECRET: secret, AMQP_URL: url, EXCHANGE: exchange = "odoo", QUEUE: queue } = process.env;
  if (!secret || !url || !queue) throw new Error("SIGNING_SECRET, AMQP_URL and QUEUE must be set");
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const refused = `${queue}.refused`;
  await channel.assertExchange(exchange, "topic", { durable: true });
  await channel.assertQueue(refused, { durable: true });
  await channel.assertQueue(queue, {
    durable: true,
    // One consumer at a time, so that the order of the queue is the order in which events are applied.
    arguments: {
      "x-single-active-consumer": true,
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": refused,
    },
  });
  // Every event of this exchange; narrower with the routing key agreed with the administrator of Odoo.
  await channel.bindQueue(queue, exchange, "#");
  await channel.prefetch(50);
  await channel.consume(queue, (message) => {
    if (!message) throw new Error("the queue was deleted");
    const { isTaken, text } = takeMessage(message, secret);
    console.log(`${message.properties.messageId}: ${text}`);
    // Only now: what is not acknowledged comes again, after a crash too.
    if (isTaken) channel.ack(message);
    else channel.reject(message, false);
  });
  console.log(`waiting for events in ${queue}`);
}

if (import.meta.main) await main();
