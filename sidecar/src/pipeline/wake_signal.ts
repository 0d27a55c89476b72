import type { Clock } from "../ports/clock.ts";

/** Any number of hints between two waits end exactly one wait. */
export class WakeSignal {
  readonly #clock: Clock;
  #isHinted = false;
  #waiting: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  notify(): void {
    this.#isHinted = true;
    this.#waiting?.abort();
  }

  /** Resolves after a hint, after `ms`, or when the signal aborts. A hint that came since the last wait counts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isHinted) {
      this.#waiting = new AbortController();
      await this.#clock.sleep(ms, AbortSignal.any([signal, this.#waiting.signal]));
      this.#waiting = undefined;
    }
    this.#isHinted = false;
  }
}
