import { AmqpSender, type AmqpSenderOptions } from "../../src/adapters/amqp/amqp_sender.ts";
import type { Answer, Endpoint } from "../../src/domain/delivery.ts";
import type { SenderPort } from "../../src/ports/sender.ts";
import { eventBody } from "../support/receiver_broker.ts";
import { cleanUpLater } from "./sender_stage.ts";

const never = new AbortController().signal;

export const eventHeaders = {
  "content-type": "application/cloudevents+json; charset=utf-8",
  "webhook-id": "7d0f7f0e-6f0c-4a37-9d3c-0f1a1f5c3f55",
  "webhook-timestamp": "1794300000",
  "webhook-signature": "v1,abc",
  "user-agent": "integration-monitor/0.1.0",
};

export const confirmed: Answer = { kind: "replied", reply: { code: 200, text: "" } };

export function openAmqpSender(options?: AmqpSenderOptions): AmqpSender {
  const sender = new AmqpSender(options);
  cleanUpLater(() => sender.close());
  return sender;
}

export function postEvent(
  sender: SenderPort,
  endpoint: Endpoint,
  signal: AbortSignal = never,
): Promise<Answer> {
  return sender.post(endpoint, eventHeaders, eventBody, signal);
}
