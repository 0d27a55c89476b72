/** The broker of a receiver: the real RabbitMQ behind a proxy, with an exchange and a queue of the test's own. */
import { randomUUID } from "node:crypto";
import { type Channel, type ConsumeMessage, connect, type Options } from "amqplib";
import type { Endpoint } from "../../src/domain/delivery.ts";
import { cleanUpLater, endpointAt } from "../doubles/sender_stage.ts";
import { type CutProxy, startCutProxy } from "./cut_proxy.ts";
import { requireVariable } from "./environment.ts";

/** A CloudEvent as Odoo renders it, as far as routing reads it. */
export const eventBody = Buffer.from(
  '{"specversion":"1.0","type":"odoo.res.partner.changed.v1","subject":"res.partner/7","data":{"company":{"id":3},"name":"Müller"}}',
);
export const eventType = "odoo.res.partner.changed.v1";

export interface ReceiverBroker {
  readonly proxy: CutProxy;
  readonly channel: Channel;
  readonly exchange: string;
  readonly queue: string;
  /** What the queue has handed to its consumer. */
  readonly messages: readonly ConsumeMessage[];
  readonly url: string;
  readonly auth: Extract<Endpoint["auth"], { kind: "basic" }>;
  endpoint(shown?: Partial<Endpoint>): Endpoint;
}

export interface ReceiverBrokerSettings {
  /** Which messages the queue gets. */
  readonly binding?: string;
  readonly queueArguments?: Options.AssertQueue["arguments"];
  readonly isConsuming?: boolean;
}

/** Ends with the test; nothing stays behind on the broker. */
export async function startReceiverBroker(settings: ReceiverBrokerSettings = {}): Promise<ReceiverBroker> {
  const real = new URL(requireVariable("IM_TEST_AMQP_URL"));
  const proxy = await startCutProxy(real.hostname, Number(real.port || 5672));
  cleanUpLater(() => proxy.close());
  const connection = await connect(real.href);
  cleanUpLater(() => connection.close());
  const channel = await connection.createChannel();
  const exchange = `test.${randomUUID()}`;
  await channel.assertExchange(exchange, "topic", { autoDelete: true });
  const { queue } = await channel.assertQueue("", { exclusive: true, arguments: settings.queueArguments });
  await channel.bindQueue(queue, exchange, settings.binding ?? "#");
  const messages: ConsumeMessage[] = [];
  if (settings.isConsuming !== false) {
    await channel.consume(queue, (message) => message && messages.push(message), { noAck: true });
  }
  const url = `amqp://127.0.0.1:${proxy.port}/`;
  const auth = {
    kind: "basic",
    username: decodeURIComponent(real.username),
    secret: decodeURIComponent(real.password),
  } as const;
  return {
    proxy,
    channel,
    exchange,
    queue,
    messages,
    url,
    auth,
    endpoint: (shown = {}) =>
      endpointAt(url, { auth, amqp: { exchange, routingKey: "{event_type}" }, ...shown }),
  };
}
