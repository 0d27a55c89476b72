import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { KindSender } from "../src/adapters/kind_sender.ts";
import { buildRequestHeaders } from "../src/domain/request_headers.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { confirmed, eventHeaders, openAmqpSender, postEvent } from "./doubles/amqp_stage.ts";
import { cleanUpAfterEach, endpointAt, openSender, start } from "./doubles/sender_stage.ts";
import { eventBody, eventType, startReceiverBroker } from "./support/receiver_broker.ts";

cleanUpAfterEach();
const deadline = { timeout: 10_000, interval: 5 };
const never = new AbortController().signal;

describe("an event published to a broker", () => {
  it("arrives persistent, with the signed bytes and the CloudEvents content type", async () => {
    const broker = await startReceiverBroker();
    expect(await postEvent(openAmqpSender(), broker.endpoint())).toEqual(confirmed);
    await vi.waitUntil(() => broker.messages.length === 1, deadline);
    const [message] = broker.messages;
    expect(message?.content).toEqual(eventBody);
    expect(message?.fields.routingKey).toBe(eventType);
    expect(message?.properties).toMatchObject({
      contentType: "application/cloudevents+json; charset=utf-8",
      deliveryMode: 2,
      messageId: eventHeaders["webhook-id"],
      type: eventType,
      timestamp: 1_794_300_000,
      appId: "integration-monitor/0.1.0",
      headers: {
        "webhook-id": eventHeaders["webhook-id"],
        "webhook-timestamp": "1794300000",
        "webhook-signature": "v1,abc",
      },
    });
  });

  it("is byte for byte what HTTP carries, with a signature that verifies, and holds no credentials", async () => {
    const broker = await startReceiverBroker();
    const receiver = await start((response) => response.end("ok"));
    const sender = new KindSender({ http: openSender(), amqp: openAmqpSender() });
    const { signingSecrets } = buildEndpoint();
    const byBroker = broker.endpoint({ id: 8 });
    const byHttp = endpointAt(receiver.url, { auth: broker.auth });
    const results: unknown[] = [];
    for (const endpoint of [byBroker, byHttp]) {
      const claim = buildClaim({ webhookId: "event-1" });
      const request = buildRequestHeaders(claim, eventBody, endpoint, new Date(), "0.1.0");
      if (request.kind !== "built") throw new Error(request.answer.error);
      results.push((await sender.post(endpoint, request.headers, eventBody, never)).kind);
    }
    expect(results).toEqual(["replied", "answered"]);
    await vi.waitUntil(() => broker.messages.length === 1, deadline);
    const [message] = broker.messages;
    expect(message?.content.toString()).toBe(receiver.requests[0]?.body);
    const verifier = new Webhook(signingSecrets[0] ?? "");
    // Headers of a message hold whatever their sender put there; ours are texts.
    const headers = message?.properties.headers as Record<string, string>;
    expect(() => verifier.verify(message?.content ?? "", headers)).not.toThrow();
    expect(Object.keys(headers).sort()).toEqual(["webhook-id", "webhook-signature", "webhook-timestamp"]);
    expect(receiver.requests[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it("goes straight to a queue over the default exchange", async () => {
    const broker = await startReceiverBroker();
    const amqp = { exchange: "", routingKey: broker.queue };
    expect(await postEvent(openAmqpSender(), broker.endpoint({ amqp }))).toEqual(confirmed);
    await vi.waitUntil(() => broker.messages.length === 1, deadline);
  });
});

describe("the connection to a broker", () => {
  it("is kept and shared: many events at once and in turn use one", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender();
    for (let turn = 0; turn < 3; turn += 1) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => postEvent(sender, broker.endpoint())),
      );
      expect(answers).toEqual(Array(8).fill(confirmed));
    }
    expect(broker.proxy.openedCount).toBe(1);
    await vi.waitUntil(() => broker.messages.length === 24, deadline);
  });

  it("is opened anew after its settings change, and events under way still finish", async () => {
    const broker = await startReceiverBroker();
    const moved = await startReceiverBroker();
    const sender = openAmqpSender();
    const old = postEvent(sender, broker.endpoint());
    expect(await postEvent(sender, moved.endpoint())).toEqual(confirmed);
    expect(await old).toEqual(confirmed);
    await vi.waitUntil(() => broker.proxy.openCount === 0, deadline);
  });

  it("is not opened anew for another exchange or routing key", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender();
    await postEvent(sender, broker.endpoint());
    await postEvent(sender, broker.endpoint({ amqp: { exchange: "", routingKey: broker.queue } }));
    expect(broker.proxy.openedCount).toBe(1);
  });

  it("is closed after it was idle, and opened again for the next event", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender({ keepIdleMs: 1 });
    await postEvent(sender, broker.endpoint());
    await vi.waitUntil(() => broker.proxy.openCount === 0, deadline);
    expect(await postEvent(sender, broker.endpoint())).toEqual(confirmed);
  });

  it("is closed when the endpoint is no longer served, and at the end", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender();
    await postEvent(sender, broker.endpoint());
    await sender.keepOnly(new Set([7]));
    expect(broker.proxy.openCount).toBe(1);
    await sender.keepOnly(new Set([8]));
    await vi.waitUntil(() => broker.proxy.openCount === 0, deadline);
    await postEvent(sender, broker.endpoint());
    await sender.close();
    await vi.waitUntil(() => broker.proxy.openCount === 0, deadline);
  });

  it("that broke while idle costs no attempt: the event goes once more", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender();
    await postEvent(sender, broker.endpoint());
    broker.proxy.cutAll();
    expect(await postEvent(sender, broker.endpoint())).toEqual(confirmed);
    expect(broker.proxy.openedCount).toBe(2);
  });
});
