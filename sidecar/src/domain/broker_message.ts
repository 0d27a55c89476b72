/**
 * Builds the message that a receiver's broker gets: the same bytes and the same signature as over HTTP, in structured
 * content mode (CloudEvents AMQP binding §3.2, on the properties of AMQP 0-9-1).
 */
import type { AmqpTarget } from "./delivery.ts";

export interface BrokerMessage {
  /** Empty for the default exchange. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly messageId: string;
  readonly type: string;
  /** Unix time in s. */
  readonly timestampS: number;
  readonly appId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The message cannot be built from this event and these settings. The text says why, for people. */
export class MessageRefused extends Error {
  override readonly name = "MessageRefused";
  readonly failureClass: "payload" | "configuration";

  constructor(failureClass: "payload" | "configuration", message: string) {
    super(message);
    this.failureClass = failureClass;
  }
}

/** AMQP 0-9-1 §4.2.5.3: a short string has at most 255 octets. */
const shortStringBytesMax = 255;
const placeholder = /\{([^{}]*)\}/g;
const signatureHeaders = ["webhook-id", "webhook-timestamp", "webhook-signature"];

interface EventFacts {
  readonly event_type: string;
  /** `account.move` */
  readonly record_model: string;
  /** `0` for events of no company. */
  readonly company_id: string;
}

/**
 * @param requestHeaders as an HTTP request would carry them
 * @param body the bytes that are sent
 * @param event the CloudEvent's JSON as Odoo rendered it: a mapping may leave out what the routing key needs
 * Throws MessageRefused.
 */
export function buildBrokerMessage(
  target: AmqpTarget,
  requestHeaders: Readonly<Record<string, string>>,
  body: Buffer,
  event: Buffer = body,
): BrokerMessage {
  const facts = readFacts(event);
  const routingKey = fillTemplate(target.routingKey, facts);
  const headers: Record<string, string> = {};
  for (const name of signatureHeaders) headers[name] = requestHeaders[name] ?? "";
  return {
    exchange: checkLength("exchange", target.exchange),
    routingKey: checkLength("routing key", routingKey),
    body,
    contentType: requestHeaders["content-type"] ?? "application/cloudevents+json; charset=utf-8",
    messageId: requestHeaders["webhook-id"] ?? "",
    type: checkLength("event type", facts.event_type),
    timestampS: Number(requestHeaders["webhook-timestamp"] ?? 0),
    appId: requestHeaders["user-agent"] ?? "integration-monitor",
    headers,
  };
}

function fillTemplate(template: string, facts: EventFacts): string {
  return template.replace(placeholder, (_, name: string) => {
    if (Object.hasOwn(facts, name)) return facts[name as keyof EventFacts];
    throw new MessageRefused(
      "configuration",
      `the routing key has the unknown placeholder {${name}}; known are {event_type}, {record_model} and {company_id}`,
    );
  });
}

function checkLength(what: string, text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= shortStringBytesMax) return text;
  throw new MessageRefused(
    "configuration",
    `the ${what} has ${bytes} bytes; AMQP allows ${shortStringBytesMax}, so make it shorter`,
  );
}

function readFacts(body: Buffer): EventFacts {
  const event = parseObject(body);
  const subject = event?.subject;
  const type = event?.type;
  if (typeof type !== "string" || typeof subject !== "string") {
    throw new MessageRefused("payload", "the event is no CloudEvent with type and subject");
  }
  const company = readObject(readObject(event?.data)?.company);
  return {
    event_type: type,
    record_model: subject.split("/", 1)[0] ?? "",
    company_id: String(company?.id ?? 0),
  };
}

function parseObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return readObject(JSON.parse(body.toString("utf8")));
  } catch {
    // Not JSON: the caller says so in its own words.
    return undefined;
  }
}

function readObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // An object that is not null has string keys.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
