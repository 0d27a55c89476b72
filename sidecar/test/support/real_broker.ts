import { randomBytes } from "node:crypto";
import { type Channel, connect } from "amqplib";
import { brokerNames } from "../../src/adapters/rabbitmq/names.ts";
import { RabbitMqBroker, type RabbitMqOptions } from "../../src/adapters/rabbitmq/rabbitmq_broker.ts";
import { systemClock } from "../../src/adapters/system_clock.ts";
import { type RecordedLine, recordLog } from "../builders.ts";
import { type CutProxy, startCutProxy } from "./cut_proxy.ts";
import { requireVariable } from "./environment.ts";

/** Of lanes the tests use; cleaned up by name, because amqplib cannot list queues. */
const testEndpointIds = [7, 8];

export interface RealBroker {
  readonly broker: RabbitMqBroker;
  readonly proxy: CutProxy;
  readonly scope: string;
  readonly lines: readonly RecordedLine[];
  close(): Promise<void>;
}

/** A broker adapter behind a proxy, in a scope of its own on the real RabbitMQ. */
export async function startRealBroker(options: Partial<RabbitMqOptions> = {}): Promise<RealBroker> {
  const url = new URL(requireVariable("IM_TEST_AMQP_URL"));
  const proxy = await startCutProxy(url.hostname, Number(url.port || 5672));
  const scope = randomBytes(4).toString("hex");
  const { log, lines } = recordLog();
  const throughProxy = new URL(url);
  throughProxy.hostname = "127.0.0.1";
  throughProxy.port = String(proxy.port);
  const broker = new RabbitMqBroker({
    url: throughProxy.href,
    scope,
    worker: "worker-1",
    clock: systemClock,
    log,
    ...options,
  });
  broker.start();
  return {
    broker,
    proxy,
    scope,
    lines,
    async close() {
      await broker.close(AbortSignal.timeout(5000));
      await proxy.close();
      await removeScope(scope);
    },
  };
}

/** Speaks to the broker directly, beside the adapter. */
export async function withDirectChannel<T>(use: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(requireVariable("IM_TEST_AMQP_URL"));
  const channel = await connection.createChannel();
  channel.on("error", () => {});
  try {
    const result = await use(channel);
    // Closing the connection at once would drop what was just published.
    await channel.close();
    return result;
  } finally {
    await connection.close();
  }
}

export async function removeScope(scope: string): Promise<void> {
  const names = brokerNames(scope);
  const fanouts = [names.unrouted, names.reports, names.dead, names.parked];
  const lanes = testEndpointIds.flatMap((id) => [
    names.laneQueue(id, "urgent"),
    names.laneQueue(id, "batch"),
  ]);
  await withDirectChannel(async (channel) => {
    for (const queue of [...lanes, ...fanouts]) await channel.deleteQueue(queue);
    for (const exchange of [names.laneExchange, ...fanouts]) await channel.deleteExchange(exchange);
  });
}
