import type { Answer, Endpoint } from "../domain/delivery.ts";

/** Sends one signed request and says what came back. Never throws for anything the network or receiver does. */
export interface SenderPort {
  /**
   * @param headers complete request headers, signature included
   * @param body the bytes that were signed
   * @param event what they were made of, if a mapping changed them: a broker's routing key is filled from it
   * The endpoint's timeoutMs bounds connect + headers + body together.
   */
  post(
    endpoint: Endpoint,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    signal: AbortSignal,
    event?: Buffer,
  ): Promise<Answer>;
  /** Closes the connections kept for endpoints that are not in the list. */
  keepOnly(endpointIds: ReadonlySet<number>): Promise<void>;
  close(): Promise<void>;
}
