import type { Claim, Lane, Outcome } from "../domain/delivery.ts";

/** The broker is away, blocked, or did not confirm: the message's fate is unknown, publish it again. */
export class BrokerUnavailable extends Error {
  override readonly name = "BrokerUnavailable";
}

/** One message taken from a queue; settle exactly once, after its effect is durable elsewhere. */
export interface Received<T> {
  readonly value: T;
  /** Handed out before, to whomever. */
  readonly isRedelivered: boolean;
  /** False once settled, or once the broker has taken the message back: another worker may have it then. */
  readonly isOurs: boolean;
  /** Settling after a lost connection is harmless: the broker hands the message out again. */
  ack(): void;
}

/** What came over the broker and belongs to no delivery: a person has to look at it. */
export interface ParkedMessage {
  /** The same when the broker hands the message out again, another one for every other message. */
  readonly key: string;
  /** SHA-256 of the whole content, hex. */
  readonly fingerprint: string;
  /** The queue, or the call, in which it came. */
  readonly foundIn: string;
  readonly reason: string;
  /** Its publisher's; empty when it had none. */
  readonly messageId: string;
  readonly messageType: string;
  readonly sizeBytes: number;
  /** Its beginning, at most 1 MiB. */
  readonly content: Buffer;
}

/** The road. Every publish resolves only when the broker has confirmed it and a queue has taken it. */
export interface BrokerPort {
  /** Declares the lane of the endpoint if needed, then publishes. Rejects with BrokerUnavailable. */
  publishClaim(claim: Claim): Promise<void>;
  /** One message with these outcomes on the reports queue. */
  publishOutcomes(outcomes: readonly Outcome[]): Promise<void>;
  /** Starts or stops taking work of an endpoint; at most `prefetch` unsettled at a time. Unparsable messages go to `dead`. */
  consumeLane(
    endpointId: number,
    lane: Lane,
    prefetch: number,
    onClaim: (message: Received<Claim>) => void,
  ): Promise<void>;
  cancelLane(endpointId: number, lane: Lane): Promise<void>;
  consumeReports(prefetch: number, onReport: (message: Received<readonly Outcome[]>) => void): Promise<void>;
  cancelReports(): Promise<void>;
  /** Messages that nobody could attribute; they stay on the broker until they are acknowledged. */
  consumeParked(prefetch: number, onMessage: (message: Received<ParkedMessage>) => void): Promise<void>;
  cancelParked(): Promise<void>;
  readonly isConnected: boolean;
  /** Stops consuming, waits for open confirms up to the signal, closes. */
  close(signal: AbortSignal): Promise<void>;
}
