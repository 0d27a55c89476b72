import type { Channel, ConsumeMessage } from "amqplib";
import { expect, it } from "vitest";
import { Acknowledger } from "../src/adapters/rabbitmq/acknowledger.ts";

interface Frame {
  readonly tag: number;
  readonly isAllUpTo: boolean;
}

/** `count` messages on a channel that writes down what is acknowledged. */
function bringMessages(count: number) {
  const frames: Frame[] = [];
  const channel: Pick<Channel, "ack"> = {
    ack: ({ fields }, isAllUpTo = false) => frames.push({ tag: fields.deliveryTag, isAllUpTo }),
  };
  const errors: unknown[] = [];
  // Of a channel only `ack` is used here, of a message only its tag.
  const acknowledger = new Acknowledger(channel as Channel, (error) => errors.push(error));
  const messages = Array.from(
    { length: count },
    (_, index) => ({ fields: { deliveryTag: index + 1 } }) as ConsumeMessage,
  );
  for (const message of messages) acknowledger.add(message);
  const settle = (...tags: number[]) => {
    for (const message of messages)
      if (tags.includes(message.fields.deliveryTag)) acknowledger.settle(message);
  };
  return { acknowledger, channel, errors, frames, settle };
}

it("acknowledges all messages that are done from the oldest on with one frame", () => {
  const { acknowledger, frames, settle } = bringMessages(5);
  settle(3, 1, 2);
  acknowledger.flush();
  expect(frames).toEqual([{ tag: 3, isAllUpTo: true }]);
});

it("never covers an open message: those behind it are acknowledged one by one", () => {
  const { acknowledger, frames, settle } = bringMessages(5);
  settle(1, 3, 5);
  acknowledger.flush();
  expect(frames).toEqual([
    { tag: 1, isAllUpTo: true },
    { tag: 3, isAllUpTo: false },
    { tag: 5, isAllUpTo: false },
  ]);
  settle(2);
  acknowledger.flush();
  expect(frames.slice(3)).toEqual([{ tag: 2, isAllUpTo: true }]);
});

it("acknowledges nothing twice, and nothing when nothing is done", () => {
  const { acknowledger, frames, settle } = bringMessages(2);
  acknowledger.flush();
  expect(frames).toEqual([]);
  settle(1, 2);
  acknowledger.flush();
  acknowledger.flush();
  expect(frames).toHaveLength(1);
});

it("acknowledges by itself soon after", async () => {
  const { frames, settle } = bringMessages(1);
  settle(1);
  await expect.poll(() => frames).toEqual([{ tag: 1, isAllUpTo: true }]);
});

it("tells of a channel that is dead instead of throwing", () => {
  const { acknowledger, channel, errors, settle } = bringMessages(1);
  channel.ack = () => {
    throw new Error("channel closed");
  };
  settle(1);
  acknowledger.flush();
  expect(errors).toEqual([new Error("channel closed")]);
});
