import { randomUUID } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { BrokerConnection } from "../src/adapters/rabbitmq/connection.ts";
import { ConfirmPublisher } from "../src/adapters/rabbitmq/publisher.ts";
import { systemClock } from "../src/adapters/system_clock.ts";
import { recordLog } from "./builders.ts";
import { requireVariable } from "./support/environment.ts";
import { withDirectChannel } from "./support/real_broker.ts";

const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

async function startPublisher(): Promise<ConfirmPublisher> {
  const { log } = recordLog();
  const connection = new BrokerConnection({
    url: requireVariable("IM_TEST_AMQP_URL"),
    name: "test publish",
    clock: systemClock,
    log,
  });
  const publisher = new ConfirmPublisher({
    connection,
    clock: systemClock,
    log,
    confirmTimeoutMs: 5000,
    prepare: async () => {},
  });
  connection.start();
  publisher.start();
  closings.push(async () => {
    await publisher.close();
    await connection.close();
  });
  await vi.waitUntil(() => publisher.isReady, { timeout: 10_000 });
  return publisher;
}

const message = { body: Buffer.from("{}"), messageId: "same-id", type: "test", headers: {} };

test("a message that no queue takes is a failure although the broker confirms it", async () => {
  const publisher = await startPublisher();
  const exchange = `test.${randomUUID()}`;
  await withDirectChannel((channel) => channel.assertExchange(exchange, "direct", { autoDelete: false }));
  await expect(publisher.publish({ ...message, exchange, routingKey: "nowhere" })).rejects.toThrow(
    /no queue takes exchange .*, key "nowhere"/,
  );
  await withDirectChannel((channel) => channel.deleteExchange(exchange));
});

test("a return fails only its own message, also when message ids are equal", async () => {
  const publisher = await startPublisher();
  const exchange = `test.${randomUUID()}`;
  await withDirectChannel(async (channel) => {
    await channel.assertExchange(exchange, "direct");
    await channel.assertQueue(exchange, { durable: true });
    await channel.bindQueue(exchange, exchange, "somewhere");
  });
  const keys = ["somewhere", "nowhere", "somewhere"];
  const results = await Promise.allSettled(
    keys.map((routingKey) => publisher.publish({ ...message, exchange, routingKey })),
  );
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await withDirectChannel(async (channel) => {
    await channel.deleteQueue(exchange);
    await channel.deleteExchange(exchange);
  });
});

test("a channel closed by the broker fails what was unconfirmed and is opened again", async () => {
  const publisher = await startPublisher();
  const exchange = `missing.${randomUUID()}`;
  await expect(publisher.publish({ ...message, exchange, routingKey: "x" })).rejects.toThrow(
    /IM_BROKER_UNAVAILABLE/,
  );
  await vi.waitUntil(() => publisher.isReady, { timeout: 10_000 });
  await expect(publisher.publish({ ...message, exchange: "", routingKey: "no-such-queue" })).rejects.toThrow(
    /no queue takes/,
  );
});
