/** What a message on the `parked` queue tells of itself: written when it is parked, read when Odoo takes it. */
import { createHash } from "node:crypto";
import type { ConsumeMessage } from "amqplib";
import type { ParkedMessage } from "../../ports/broker.ts";
import type { Taken } from "./consumer.ts";

/** Odoo keeps as much; the size says how much there was. */
const contentBytesMax = 1024 * 1024;

/**
 * Headers for the copy on the `parked` queue.
 * @param key tells this message from another one with the same content
 */
export function describeParking(taken: Taken, reason: string, key: string): Readonly<Record<string, string>> {
  const headers = taken.message.properties.headers ?? {};
  return {
    "parked-key": key,
    "parked-because": readText(headers["unreadable-because"]) || reason,
    "found-in": readText(headers["found-in"]) || readText(headers["x-first-death-queue"]) || taken.queue,
  };
}

/** Never throws: whatever it says of itself, a person has to see it. */
export function readParkedMessage({ message, queue }: Taken): ParkedMessage {
  const headers = message.properties.headers ?? {};
  const fingerprint = createHash("sha256").update(message.content).digest("hex");
  const messageId = readText(message.properties.messageId);
  return {
    // Without a key somebody else put it there, or the broker did: then its content is all that names it.
    key: readText(headers["parked-key"]) || `${fingerprint} ${messageId}`,
    fingerprint,
    foundIn: readText(headers["found-in"]) || readText(headers["x-first-death-queue"]) || queue,
    reason: readText(headers["parked-because"]) || explainArrival(message),
    messageId,
    messageType: readText(message.properties.type),
    sizeBytes: message.content.length,
    content: message.content.subarray(0, contentBytesMax),
  };
}

function explainArrival(message: ConsumeMessage): string {
  return message.properties.headers?.["x-death"] === undefined
    ? "IM_MESSAGE_PARKED: somebody published it straight to the queue of parked messages"
    : "IM_DELIVERY_LIMIT: the message came back too often unsettled";
}

const readText = (value: unknown): string => (typeof value === "string" ? value : "");
