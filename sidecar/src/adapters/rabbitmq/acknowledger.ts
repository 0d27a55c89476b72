/** Settles the messages of one channel with few frames: each costs a system call here and work in the broker. */
import type { Channel, ConsumeMessage } from "amqplib";

/**
 * Long enough for neighbours that were sent at the same time to be done as well, so that one frame serves them all. Not
 * longer: what waits here fills the prefetch, and at a fast endpoint 10 ms kept the broker from sending more. A crash in
 * between repeats a message, as it would a moment before.
 */
const collectMs = 2;

export class Acknowledger {
  readonly #channel: Channel;
  /** Not yet settled with the broker, oldest first; true once it may be. */
  readonly #messages = new Map<ConsumeMessage, boolean>();
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param onError the channel is dead; the broker has taken everything back */
  constructor(channel: Channel, onError: (error: unknown) => void) {
    this.#channel = channel;
    this.#onError = onError;
  }

  /** Every message the channel brings, in that order. */
  add(message: ConsumeMessage): void {
    this.#messages.set(message, false);
  }

  /** May be acknowledged; goes out with others, soon. */
  settle(message: ConsumeMessage): void {
    this.#messages.set(message, true);
    this.#timer ??= setTimeout(() => this.flush(), collectMs);
  }

  /** Sends what is due, at once: before the channel closes nothing may be left. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#acknowledgeOldest();
      this.#acknowledgeRest();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** "All up to this one" is true only as far as nothing in between is open. */
  #acknowledgeOldest(): void {
    let latest: ConsumeMessage | undefined;
    for (const [message, isDue] of this.#messages) {
      if (!isDue) break;
      latest = message;
      this.#messages.delete(message);
    }
    if (latest) this.#channel.ack(latest, true);
  }

  /** Behind an open one: held back, they would use up the prefetch while a slow request lasts. */
  #acknowledgeRest(): void {
    for (const [message, isDue] of this.#messages) {
      if (!isDue) continue;
      this.#messages.delete(message);
      this.#channel.ack(message);
    }
  }
}
