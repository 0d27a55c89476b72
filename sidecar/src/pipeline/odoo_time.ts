import type { Clock } from "../ports/clock.ts";

/**
 * Odoo's clock, as far as it is known here. Deadlines that Odoo sets are judged by it: the clocks of two sidecars may
 * differ, and both must agree when a copy is too old to be sent.
 */
export class OdooTime {
  readonly #clock: Clock;
  #aheadMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param serverTime what Odoo's clock said in the answer that has just come */
  note(serverTime: string): void {
    this.#aheadMs = Date.parse(serverTime) - this.#clock.now().getTime();
  }

  /** Whether Odoo's clock has reached the instant, an ISO 8601 text of Odoo's. */
  hasReached(instant: string): boolean {
    return this.#clock.now().getTime() + this.#aheadMs >= Date.parse(instant);
  }
}
