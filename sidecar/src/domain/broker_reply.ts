/**
 * What the reply of a receiver's broker means. One table: the judgement, and next to it the words a person reads.
 * Sources: AMQP 0-9-1 §1.2 (reply codes), RabbitMQ's extensions (confirms, connection.blocked) and the texts it sends.
 */
import type { Fate, Judgement } from "./classification.ts";
import type { FailureClass } from "./delivery.ts";
import { cutText, excerptCharsMax } from "./response_excerpt.ts";

/** The method that a broker answered with, or that we cannot follow, where AMQP carries no code. */
export type BrokerMethod = "basic.nack" | "connection.blocked" | "connection.start";

export interface BrokerReply {
  /** 200: confirmed, in a queue. */
  readonly code: number | BrokerMethod;
  /** The broker's own words, such as `NOT_FOUND - no exchange 'hooks' in vhost '/'`; may be empty. */
  readonly text: string;
}

export interface ReplyJudgement extends Judgement {
  readonly code: BrokerReply["code"];
  /** The row is only for replies with such words; undefined for any. */
  readonly words: RegExp | undefined;
}

/** Names of the codes, for brokers that send other words (AMQP 0-9-1 §1.2). */
const codeNames: Readonly<Record<number, string>> = {
  200: "REPLY_SUCCESS",
  311: "CONTENT_TOO_LARGE",
  312: "NO_ROUTE",
  313: "NO_CONSUMERS",
  320: "CONNECTION_FORCED",
  402: "INVALID_PATH",
  403: "ACCESS_REFUSED",
  404: "NOT_FOUND",
  405: "RESOURCE_LOCKED",
  406: "PRECONDITION_FAILED",
  501: "FRAME_ERROR",
  502: "SYNTAX_ERROR",
  503: "COMMAND_INVALID",
  504: "CHANNEL_ERROR",
  505: "UNEXPECTED_FRAME",
  506: "RESOURCE_ERROR",
  530: "NOT_ALLOWED",
  540: "NOT_IMPLEMENTED",
  541: "INTERNAL_ERROR",
};

const waitForRetry = "Nothing to do now: it is tried again automatically.";
const checkVhost = "Check the virtual host in the address, and the user's access to it, then retry.";
const checkLogin = "Check user name and password, or the client certificate, on the endpoint, then retry.";

/** First match wins. 200 never gets here. */
// biome-ignore format: one row per line reads as the table it is
export const replyTable: readonly ReplyJudgement[] = [
  row("basic.nack", undefined, "unavailable", "transient", "The broker did not take the message, for example because a queue is full", waitForRetry),
  row("connection.blocked", undefined, "unavailable", "transient", "The broker takes no messages for now, because its memory or disk is short", waitForRetry),
  row("connection.start", undefined, "configuration", "permanent", "The broker does not offer this way of logging in", "Ask the receiver whether it wants user name and password or a client certificate, change the endpoint, then retry."),
  row(311, undefined, "too_large", "permanent", "The broker says the message is too large", "Send fewer fields or ask the receiver to accept larger messages, then retry."),
  row(312, undefined, "endpoint_missing", "permanent", "No queue at the broker takes this routing key", "Ask the receiver to bind a queue to the exchange for this routing key, or correct the routing key on the endpoint, then retry."),
  row(313, undefined, "unavailable", "transient", "Nobody takes messages from the broker right now", waitForRetry),
  row(320, undefined, "unavailable", "transient", "The broker closed the connection, for example for a restart", waitForRetry),
  row(402, undefined, "endpoint_missing", "permanent", "The virtual host does not exist on the broker", checkVhost),
  row(403, /login|authentication|credentials/i, "auth", "permanent", "The broker refused our credentials", checkLogin),
  row(403, undefined, "auth", "permanent", "The broker does not allow us to publish there", "Ask the receiver to let the user write to the exchange, then retry."),
  row(404, undefined, "endpoint_missing", "permanent", "The exchange does not exist on the broker", "Check the exchange on the endpoint, or ask the receiver to declare it, then retry."),
  row(405, undefined, "unavailable", "transient", "The broker has locked what we need", waitForRetry),
  row(406, /larger than|too large|exceeds/i, "too_large", "permanent", "The broker says the message is too large", "Send fewer fields or ask the receiver to accept larger messages, then retry."),
  row(406, undefined, "configuration", "permanent", "The broker refused how the message is published", "Compare exchange and routing key on the endpoint with what the receiver has set up, then retry."),
  row(506, undefined, "unavailable", "transient", "The broker is short of resources", waitForRetry),
  row(530, /limit|is down/i, "unavailable", "transient", "The broker takes no more connections for now", waitForRetry),
  row(530, /refused/i, "auth", "permanent", "The broker does not let us into the virtual host", checkVhost),
  row(530, /not found/i, "endpoint_missing", "permanent", "The virtual host does not exist on the broker", checkVhost),
  row(530, undefined, "configuration", "permanent", "The broker does not allow what the endpoint's settings ask for", "Compare the settings of the endpoint with what the receiver has set up, then retry."),
  row(540, undefined, "server_error", "permanent", "The broker does not support what we need", "Ask the receiver whether its broker speaks AMQP 0-9-1 with publisher confirms, then retry."),
  row(501, undefined, "server_error", "transient", "The broker and we did not understand each other", waitForRetry),
  row(502, undefined, "server_error", "transient", "The broker and we did not understand each other", waitForRetry),
  row(503, undefined, "server_error", "transient", "The broker and we did not understand each other", waitForRetry),
  row(504, undefined, "server_error", "transient", "The broker and we did not understand each other", waitForRetry),
  row(505, undefined, "server_error", "transient", "The broker and we did not understand each other", waitForRetry),
  row(541, undefined, "server_error", "transient", "The broker had an internal error", waitForRetry),
];

/** For codes that AMQP does not define. */
const unknownReply: Omit<Judgement, "failureClass"> = {
  fate: "permanent",
  reason: "The broker sent a reply that AMQP does not define",
  whatToDo: "Ask the receiver what this reply means, then retry or cancel.",
};

/** Judges any reply but 200. */
export function classifyReply(reply: BrokerReply): Judgement {
  const found = replyTable.find(
    ({ code, words }) => code === reply.code && words?.test(reply.text) !== false,
  );
  return found ?? { failureClass: "rejected", ...unknownReply };
}

/** `AMQP 404 NOT_FOUND`, `AMQP basic.nack`: the reply in AMQP's own terms, without the broker's words. */
export function nameReply({ code }: BrokerReply): string {
  if (typeof code === "string") return `AMQP ${code}`;
  const name = codeNames[code];
  return name === undefined ? `AMQP ${code}` : `AMQP ${code} ${name}`;
}

/** The reply as it is kept with the attempt: its name, then all the broker said. */
export function describeReply(reply: BrokerReply): string {
  const words = readReplyWords(reply);
  return cutText(words === "" ? nameReply(reply) : `${nameReply(reply)} - ${words}`, excerptCharsMax);
}

/** The broker's words without the code's name that RabbitMQ puts before them. */
export function readReplyWords({ text }: BrokerReply): string {
  return text.replace(/^[A-Z]+(?:_[A-Z]+)*(?: - |$)/, "").trim();
}

/** The number kept with the attempt: AMQP's reply code, 0 where there is none. */
export function readReplyCode({ code }: BrokerReply): number {
  return typeof code === "number" ? code : 0;
}

function row(
  code: BrokerReply["code"],
  words: RegExp | undefined,
  failureClass: FailureClass,
  fate: Fate,
  reason: string,
  whatToDo: string,
): ReplyJudgement {
  return { code, words, failureClass, fate, reason, whatToDo };
}
