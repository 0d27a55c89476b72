/** Sends by the endpoint's kind: to a broker, or over HTTP. */
import type { Answer, Endpoint } from "../domain/delivery.ts";
import type { SenderPort } from "../ports/sender.ts";

export class KindSender implements SenderPort {
  readonly #http: SenderPort;
  readonly #amqp: SenderPort;

  constructor(senders: { readonly http: SenderPort; readonly amqp: SenderPort }) {
    this.#http = senders.http;
    this.#amqp = senders.amqp;
  }

  post(
    endpoint: Endpoint,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    signal: AbortSignal,
    event?: Buffer,
  ): Promise<Answer> {
    const sender = endpoint.amqp === undefined ? this.#http : this.#amqp;
    return sender.post(endpoint, headers, body, signal, event);
  }

  async keepOnly(endpointIds: ReadonlySet<number>): Promise<void> {
    await Promise.all([this.#http.keepOnly(endpointIds), this.#amqp.keepOnly(endpointIds)]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#amqp.close()]);
  }
}
