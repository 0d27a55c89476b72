import { afterEach } from "vitest";
import { HttpSender } from "../../src/adapters/http_sender.ts";
import type { Answer, Endpoint } from "../../src/domain/delivery.ts";
import type { SenderPort } from "../../src/ports/sender.ts";
import { buildEndpoint } from "../builders.ts";
import { type Receiver, startReceiver } from "./receiver_double.ts";

const never = new AbortController().signal;
export const requestBody = Buffer.from('{"specversion":"1.0","data":{"name":"Müller"}}');
export const requestHeaders = {
  "content-type": "application/cloudevents+json; charset=utf-8",
  "webhook-id": "a",
};

const cleanUps: (() => Promise<unknown>)[] = [];

/** Call once in a test file: closes after each test what the functions below opened, last first. */
export function cleanUpAfterEach(): void {
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) {
      await cleanUp();
    }
  });
}

export function cleanUpLater(cleanUp: () => Promise<unknown>): void {
  cleanUps.push(cleanUp);
}

export async function start(...options: Parameters<typeof startReceiver>): Promise<Receiver> {
  const receiver = await startReceiver(...options);
  cleanUpLater(() => receiver[Symbol.asyncDispose]());
  return receiver;
}

export function openSender(...options: ConstructorParameters<typeof HttpSender>): HttpSender {
  const sender = new HttpSender(...options);
  cleanUpLater(() => sender.close());
  return sender;
}

export function endpointAt(url: string, shown: Partial<Endpoint> = {}): Endpoint {
  return buildEndpoint({ url, allowedAddresses: ["127.0.0.1"], timeoutMs: 10_000, ...shown });
}

export function post(sender: SenderPort, endpoint: Endpoint, signal: AbortSignal = never): Promise<Answer> {
  return sender.post(endpoint, requestHeaders, requestBody, signal);
}
