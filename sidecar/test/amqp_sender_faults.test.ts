/** What a real broker's refusals and failures become, from the wire to the decision. */
import { describe, expect, it, vi } from "vitest";
import type { Endpoint } from "../src/domain/delivery.ts";
import { decide } from "../src/domain/retry_policy.ts";
import { confirmed, openAmqpSender, postEvent } from "./doubles/amqp_stage.ts";
import { cleanUpAfterEach } from "./doubles/sender_stage.ts";
import { type ReceiverBroker, startReceiverBroker } from "./support/receiver_broker.ts";

cleanUpAfterEach();
const deadline = { timeout: 10_000, interval: 5 };

/** The decision about one try, as it goes back to Odoo. */
async function decideOn(endpoint: Endpoint, sender = openAmqpSender()) {
  const answer = await postEvent(sender, endpoint);
  return decide(answer, { scheduleStep: 1 }, endpoint, new Date(), 0.5);
}

const refusals: readonly (readonly [
  name: string,
  arrange: (broker: ReceiverBroker) => Partial<Endpoint> | Promise<Partial<Endpoint>>,
  expected: object,
])[] = [
  [
    "an exchange that does not exist",
    () => ({ amqp: { exchange: "test.missing", routingKey: "a" } }),
    {
      kind: "failed",
      failureClass: "endpoint_missing",
      error:
        "The exchange does not exist on the broker (AMQP 404 NOT_FOUND): \"no exchange 'test.missing' in vhost '/'\"",
    },
  ],
  [
    "a routing key that no queue takes",
    ({ exchange }) => ({ amqp: { exchange, routingKey: "nobody.wants.this" } }),
    {
      kind: "failed",
      failureClass: "endpoint_missing",
      error: "No queue at the broker takes this routing key (AMQP 312 NO_ROUTE)",
    },
  ],
  [
    "a wrong password",
    ({ auth }) => ({ auth: { ...auth, secret: "wrong-password" } }),
    {
      kind: "failed",
      failureClass: "auth",
      error: expect.stringMatching(/^The broker refused our credentials \(AMQP 403 ACCESS_REFUSED\): /),
    },
  ],
  [
    "a virtual host that does not exist",
    ({ url }) => ({ url: `${url}missing` }),
    {
      kind: "failed",
      failureClass: "endpoint_missing",
      error:
        'The virtual host does not exist on the broker (AMQP 530 NOT_ALLOWED): "vhost missing not found"',
    },
  ],
  [
    "an exchange that nobody may publish to",
    async ({ channel }) => {
      const { exchange } = await channel.assertExchange(`test.internal.${Date.now()}`, "topic", {
        internal: true,
        autoDelete: true,
      });
      // Lets the broker delete it with the queue's end.
      const { queue } = await channel.assertQueue("", { exclusive: true });
      await channel.bindQueue(queue, exchange, "#");
      return { amqp: { exchange, routingKey: "a" } };
    },
    {
      kind: "failed",
      failureClass: "auth",
      error: expect.stringMatching(
        /^The broker does not allow us to publish there \(AMQP 403 ACCESS_REFUSED\)/,
      ),
    },
  ],
  [
    "a client certificate where the broker wants a password",
    () => ({ auth: { kind: "mtls" } }),
    {
      kind: "failed",
      failureClass: "configuration",
      error:
        'The broker does not offer this way of logging in (AMQP connection.start): "it does not offer EXTERNAL"',
    },
  ],
];

describe("a real broker refuses", () => {
  it.each(refusals)("%s, and the next event is not affected", async (_, arrange, expected) => {
    const broker = await startReceiverBroker({ binding: "odoo.#" });
    const sender = openAmqpSender();
    expect(await decideOn(broker.endpoint(await arrange(broker)), sender)).toMatchObject(expected);
    expect(await decideOn(broker.endpoint(), sender)).toEqual({ kind: "delivered" });
    await vi.waitUntil(() => broker.messages.length === 1, deadline);
  });

  it("nothing of an event because another one's exchange is missing at the same time", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender();
    const missing = broker.endpoint({ amqp: { exchange: "test.missing", routingKey: "a" } });
    const answers = await Promise.all([
      postEvent(sender, missing),
      postEvent(sender, broker.endpoint()),
      postEvent(sender, missing),
      postEvent(sender, broker.endpoint()),
    ]);
    expect(answers.map((answer) => answer.kind === "replied" && answer.reply.code)).toEqual([
      404, 200, 404, 200,
    ]);
    expect(broker.proxy.openedCount).toBe(1);
  });

  it("a message that a full queue rejects: tried again later", async () => {
    const broker = await startReceiverBroker({
      queueArguments: { "x-max-length": 1, "x-overflow": "reject-publish" },
      isConsuming: false,
    });
    const sender = openAmqpSender();
    await postEvent(sender, broker.endpoint());
    await vi.waitUntil(async () => (await decideOn(broker.endpoint(), sender)).kind === "retry", deadline);
    expect(await decideOn(broker.endpoint(), sender)).toMatchObject({
      kind: "retry",
      failureClass: "unavailable",
      error: expect.stringMatching(/\(AMQP basic\.nack\)$/),
    });
  });
});

describe("a broker fails", () => {
  it("by being killed before the confirm: tried again later", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender();
    await postEvent(sender, broker.endpoint());
    broker.proxy.freeze();
    const decided = decideOn(broker.endpoint(), sender);
    broker.proxy.refuse();
    broker.proxy.cutAll();
    expect(await decided).toMatchObject({ kind: "retry", failureClass: "reset" });
    broker.proxy.allow();
    broker.proxy.thaw();
    expect(await decideOn(broker.endpoint(), sender)).toEqual({ kind: "delivered" });
  });

  it("by not listening: tried again later", async () => {
    const broker = await startReceiverBroker();
    await broker.proxy.close();
    expect(await decideOn(broker.endpoint())).toMatchObject({ kind: "retry", failureClass: "connect" });
  });

  it("by freezing: the deadline covers connecting and confirming, and nothing stays open", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender();
    broker.proxy.freeze();
    expect(await decideOn(broker.endpoint({ timeoutMs: 100 }), sender)).toMatchObject({
      kind: "retry",
      failureClass: "timeout",
      error: expect.stringMatching(/no confirm from the broker within 0\.1 s$/),
    });
    broker.proxy.thaw();
    expect(await postEvent(sender, broker.endpoint())).toEqual(confirmed);
    broker.proxy.freeze();
    expect(await decideOn(broker.endpoint({ timeoutMs: 100 }), sender)).toMatchObject({
      failureClass: "timeout",
    });
    broker.proxy.thaw();
    await vi.waitUntil(() => broker.proxy.openCount === 0, deadline);
  });
});
