// The barest pump that keeps the promise "outcome before acknowledgement": consume, POST, publish the results in
// batches, wait for the confirm, acknowledge. No signature, no gates, no classification, no log.

import { type ConsumeMessage, connect } from "amqplib";
import { Pool } from "undici";
import { brokerNames } from "../../sidecar/src/adapters/rabbitmq/names.ts";
import { readSettings, serveContender, shared } from "./contender.ts";
import { laneEndpointId } from "./lane.ts";

interface Result {
  readonly message: ConsumeMessage;
  readonly status: number;
}

const { amqpUrl, scope, hookUrl } = readSettings();
const names = brokerNames(scope);
const url = new URL(hookUrl);
const pool = new Pool(url.origin, { connections: shared.concurrency, pipelining: 1 });
const consuming = await (await connect(amqpUrl, { noDelay: true })).createChannel();
const publishing = await (await connect(amqpUrl, { noDelay: true })).createConfirmChannel();
await consuming.prefetch(shared.prefetch);

serveContender(async (count) => {
  const done = Promise.withResolvers<void>();
  let left = count;
  let results: Result[] = [];
  let timer: NodeJS.Timeout | undefined;

  const publish = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = results;
    results = [];
    const body = JSON.stringify(
      batch.map(({ message, status }) => ({ id: message.properties.messageId, status })),
    );
    publishing.publish(
      names.reports,
      "",
      Buffer.from(body),
      { persistent: true, mandatory: true },
      (error) => {
        if (error) done.reject(error);
        for (const { message } of batch) consuming.ack(message);
        left -= batch.length;
        if (left === 0) done.resolve();
      },
    );
  };
  const post = async (message: ConsumeMessage) => {
    const headers = {
      "content-type": "application/cloudevents+json",
      "webhook-id": String(message.properties.messageId),
    };
    const response = await pool.request({
      method: "POST",
      path: url.pathname,
      headers,
      body: message.content,
    });
    await response.body.dump();
    results.push({ message, status: response.statusCode });
    if (results.length >= shared.batchMax) publish();
    else timer ??= setTimeout(publish, shared.batchWaitMs);
  };
  const { consumerTag } = await consuming.consume(names.laneQueue(laneEndpointId, "urgent"), (message) => {
    if (message) post(message).catch(done.reject);
  });
  await done.promise;
  await consuming.cancel(consumerTag);
});
