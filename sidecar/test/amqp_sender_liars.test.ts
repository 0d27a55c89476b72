/** A server that speaks AMQP badly, or to do harm, costs its own delivery a try and nobody anything else. */
import { describe, expect, it, vi } from "vitest";
import { openAmqpSender, postEvent } from "./doubles/amqp_stage.ts";
import { type Lies, startLyingBroker } from "./doubles/lying_broker.ts";
import { cleanUpAfterEach, endpointAt } from "./doubles/sender_stage.ts";
import {
  unblocked,
  writeAck,
  writeBlocked,
  writeChannelClose,
  writeConnectionClose,
  writeFrame,
  writeMethod,
  writeReturnOf,
} from "./support/amqp_frames.ts";

cleanUpAfterEach();
const deadline = { timeout: 10_000, interval: 5 };
const password = "canary-password";

async function postTo(lies: Lies, timeoutMs = 10_000) {
  const broker = await startLyingBroker(lies);
  const endpoint = endpointAt(broker.url, {
    timeoutMs,
    auth: { kind: "basic", username: "guest", secret: password },
    amqp: { exchange: "hooks", routingKey: "a" },
  });
  const sender = openAmqpSender();
  const answer = await postEvent(sender, endpoint);
  return { broker, sender, answer };
}

describe("a server that is no broker", () => {
  it.each([
    ["garbage", Buffer.from("this is a mail server, go away\r\n")],
    ["a web page", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["another version of AMQP", Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0])],
    ["a frame of 4 GB", Buffer.from([1, 0, 0, 0xff, 0xff, 0xff, 0xff])],
    ["a frame for no channel we know", writeFrame(1, 9, Buffer.from([0, 10, 0, 10]))],
    ["content before any method", writeFrame(3, 0, Buffer.from("content"))],
  ])("and sends %s is told apart from a refusal: tried again later", async (_, greeting) => {
    const { answer, broker } = await postTo({ greeting });
    expect(answer).toMatchObject({ kind: "broken", failureClass: "reset" });
    await vi.waitUntil(() => broker.openCount === 0, deadline);
  });

  it.each(["connect", "greeting", "tune", "channel"] as const)(
    "and falls silent after %s ends at the deadline, without an open connection",
    async (silentAfter) => {
      const { answer, broker } = await postTo({ silentAfter }, 100);
      expect(answer).toMatchObject({ kind: "broken", failureClass: "timeout" });
      await vi.waitUntil(() => broker.openCount === 0, deadline);
    },
  );
});

describe("a server that takes the connection and never speaks TLS", () => {
  it("ends at the deadline, without an open connection", async () => {
    const broker = await startLyingBroker({ silentAfter: "connect" });
    const endpoint = endpointAt(broker.url.replace("amqp:", "amqps:"), {
      timeoutMs: 100,
      auth: { kind: "mtls" },
      amqp: { exchange: "hooks", routingKey: "a" },
    });
    const answer = await postEvent(openAmqpSender(), endpoint);
    expect(answer).toMatchObject({ kind: "broken", failureClass: "timeout" });
    await vi.waitUntil(() => broker.openCount === 0, deadline);
  });
});

describe("a broker that speaks out of turn", () => {
  const garbage = Buffer.from("garbage garbage garbage");
  const refusal = (code: number) => ({ kind: "replied", reply: { code, text: "NO" } });
  const broken = { kind: "broken", failureClass: "reset" };

  it.each<[string, Lies, object]>([
    ["with a fault behind open-ok", { behindOpen: writeConnectionClose(541, "NO") }, refusal(541)],
    ["with a goodbye behind open-ok", { behindOpen: writeConnectionClose(320, "NO") }, refusal(320)],
    ["with garbage behind open-ok", { behindOpen: garbage }, broken],
    ["with a confirm behind open-ok", { behindOpen: writeAck(1n) }, broken],
    ["by refusing the channel", { channelAnswer: writeChannelClose(504, "NO") }, refusal(504)],
    ["by refusing confirms", { confirmAnswer: writeChannelClose(540, "NO") }, refusal(540)],
    ["by closing at the channel", { channelAnswer: writeConnectionClose(530, "NO") }, refusal(530)],
    ["with garbage at the channel", { channelAnswer: garbage }, broken],
    [
      "with the answer to another question",
      { channelAnswer: writeMethod(1, 85, 11, Buffer.alloc(0)) },
      broken,
    ],
    ["with a method nobody knows", { channelAnswer: writeMethod(1, 99, 99, Buffer.alloc(0)) }, broken],
    ["with half a method", { channelAnswer: writeMethod(1, 60, 50, Buffer.from([1])) }, broken],
    ["with half a greeting", { greeting: writeMethod(0, 10, 10, Buffer.from([0, 9, 0, 0, 1, 0])) }, broken],
  ])(
    "%s costs this try only: the process lives, and the next try begins afresh",
    async (_, lies, expected) => {
      const { broker, sender, answer } = await postTo(lies);
      expect(answer).toMatchObject(expected);
      const endpoint = endpointAt(broker.url, {
        auth: { kind: "basic", username: "guest", secret: password },
        amqp: { exchange: "hooks", routingKey: "a" },
      });
      expect(await postEvent(sender, endpoint)).toMatchObject(expected);
      await sender.close();
      await vi.waitUntil(() => broker.openCount === 0, deadline);
    },
  );

  it("while nothing is asked of it loses its connection and nothing else", async () => {
    let tellClient: (bytes: Buffer) => unknown = () => {};
    const { broker, sender, answer } = await postTo({
      onPublish: (say) => {
        tellClient = say;
        say(writeAck(1n));
      },
    });
    tellClient(garbage);
    await vi.waitUntil(() => broker.openCount === 0, deadline);
    expect(answer).toMatchObject({ reply: { code: 200 } });
    await sender.close();
  });
});

describe("a broker that closes in answer to a message", () => {
  it.each([
    [311, "CONTENT_TOO_LARGE", "too_large"],
    [403, "ACCESS_REFUSED - topic refused", "auth"],
    [404, "NOT_FOUND - no exchange", "endpoint_missing"],
    [406, "PRECONDITION_FAILED - message size 5 is larger than configured max size 4", "too_large"],
    [406, "PRECONDITION_FAILED - whatever", "configuration"],
    [506, "RESOURCE_ERROR", "unavailable"],
    [541, "INTERNAL_ERROR", "server_error"],
    [599, "INVENTED", "rejected"],
  ])("the channel with %i %s is believed", async (code, text) => {
    const { answer } = await postTo({ onPublish: (say) => say(writeChannelClose(code, text)) });
    expect(answer).toEqual({ kind: "replied", reply: { code, text } });
  });

  it.each([320, 501, 530, 540, 541])("the connection with %i is believed", async (code) => {
    const { answer, broker } = await postTo({
      onPublish: (say) => say(writeConnectionClose(code, "closing")),
    });
    expect(answer).toEqual({ kind: "replied", reply: { code, text: "closing" } });
    await vi.waitUntil(() => broker.openCount === 0, deadline);
  });

  it("and repeats our password does not get it into the records", async () => {
    const { answer } = await postTo({
      onPublish: (say) => say(writeChannelClose(403, `ACCESS_REFUSED - ${password} is wrong`)),
    });
    expect(answer).toEqual({
      kind: "replied",
      reply: { code: 403, text: "ACCESS_REFUSED - [password] is wrong" },
    });
  });
});

describe("a broker under a resource alarm", () => {
  it("that does not end costs the try, and says why", async () => {
    const { answer } = await postTo({ onPublish: (say) => say(writeBlocked("low on disk")) }, 200);
    expect(answer).toEqual({
      kind: "replied",
      reply: { code: "connection.blocked", text: "low on disk" },
    });
  });

  it("gets nothing more while it lasts, and what waited when it ends", async () => {
    let publishedCount = 0;
    let tellClient: (bytes: Buffer) => unknown = () => {};
    const broker = await startLyingBroker({
      onPublish: (say) => {
        publishedCount += 1;
        tellClient = say;
        const confirm = writeAck(BigInt(publishedCount));
        // In one piece, so that the client knows of the alarm before it can publish again.
        say(publishedCount === 1 ? Buffer.concat([confirm, writeBlocked("low on memory")]) : confirm);
      },
    });
    const endpoint = endpointAt(broker.url, {
      auth: { kind: "basic", username: "guest", secret: password },
      amqp: { exchange: "hooks", routingKey: "a" },
    });
    const sender = openAmqpSender();
    await postEvent(sender, endpoint);
    const waiting = postEvent(sender, endpoint);
    const impatient = await postEvent(sender, { ...endpoint, timeoutMs: 100 });
    expect(impatient).toMatchObject({ reply: { code: "connection.blocked" } });
    expect(publishedCount).toBe(1);
    tellClient(unblocked);
    expect(await waiting).toMatchObject({ reply: { code: 200 } });
    expect(publishedCount).toBe(2);
  });
});

describe("a broker that means harm", () => {
  it("by confirming what was never published is left at once", async () => {
    const { answer, broker } = await postTo({ onPublish: (say) => say(writeAck(2n ** 40n)) });
    expect(answer).toMatchObject({ kind: "broken", failureClass: "reset" });
    await vi.waitUntil(() => broker.openCount === 0, deadline);
  });

  it("by returning a message without end is left before it fills our memory", async () => {
    let sentBytes = 0;
    const { answer } = await postTo({
      onPublish: (say, socket) => {
        say(writeReturnOf(2n ** 40n));
        const part = writeFrame(3, 1, Buffer.alloc(100_000));
        const pour = () => {
          while (socket.writable && socket.write(part)) sentBytes += part.length;
        };
        socket.on("drain", pour);
        pour();
      },
    });
    expect(answer).toMatchObject({ kind: "broken", failureClass: "reset" });
    expect(sentBytes).toBeLessThan(50_000_000);
  });
});
