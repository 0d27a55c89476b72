/**
 * Brings outcomes to the reports queue, batched, and says when each is confirmed. While the broker is away the
 * outcomes wait here; since no new request starts while `isBlocked`, at most one per request under way is added.
 *
 *   flowing ── publish failed, or block() ──▶ blocked ── a probe publish succeeded ──▶ flowing
 */
import { backoffMs, brokerBackoffMaxMs } from "../domain/backoff.ts";
import type { Outcome } from "../domain/delivery.ts";
import { type BrokerPort, BrokerUnavailable } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import type { DispatchObserver } from "../ports/observer.ts";

/** Outcomes per message; beyond this, batching gains nothing and delays acknowledgements. */
const batchMax = 50;
/** Longest that an outcome waits for company. */
const batchWaitMs = 10;

export interface OutboxParts {
  readonly broker: BrokerPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly observer: DispatchObserver;
}

interface Entry {
  readonly outcome: Outcome;
  readonly onConfirmed: () => void;
}

export class OutcomeOutbox {
  readonly #parts: OutboxParts;
  readonly #onUnblocked: () => void;
  readonly #life: AbortSignal;
  #waiting: Entry[] = [];
  #publishingCount = 0;
  #isTimerSet = false;
  #isBlocked = false;

  /** @param life ends timers and probes; what is not confirmed then is sent again by whoever gets the message */
  constructor(parts: OutboxParts, onUnblocked: () => void, life: AbortSignal) {
    this.#parts = parts;
    this.#onUnblocked = onUnblocked;
    this.#life = life;
  }

  /** True while the broker does not confirm: start nothing that would produce more outcomes. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Calls `onConfirmed` once, after the broker has the outcome for sure. */
  add(outcome: Outcome, onConfirmed: () => void): void {
    this.#waiting.push({ outcome, onConfirmed });
    this.#tell();
    if (this.#isBlocked) {
      return;
    }
    if (this.#waiting.length >= batchMax) {
      this.#publishAll();
    } else if (!this.#isTimerSet) {
      this.#isTimerSet = true;
      void this.#parts.clock.sleep(batchWaitMs, this.#life).then(() => {
        this.#isTimerSet = false;
        this.#publishAll();
      });
    }
  }

  /** Stops the flow until the broker is back. */
  block(reason: string): void {
    if (this.#isBlocked) {
      return;
    }
    this.#isBlocked = true;
    this.#parts.log.warn("reports.blocked", { reason, unconfirmed: this.#waiting.length });
    this.#tell();
    void this.#probe();
  }

  #publishAll(): void {
    while (this.#waiting.length > 0 && !this.#isBlocked) {
      void this.#publishNext();
    }
  }

  /** True when confirmed; otherwise the batch waits again and the flow is blocked. */
  async #publishNext(): Promise<boolean> {
    const batch = this.#waiting.splice(0, batchMax);
    this.#publishingCount += batch.length;
    try {
      await this.#parts.broker.publishOutcomes(batch.map((entry) => entry.outcome));
    } catch (error) {
      this.#publishingCount -= batch.length;
      this.#waiting.unshift(...batch);
      if (!(error instanceof BrokerUnavailable)) {
        this.#parts.log.error("reports.publish_crashed", { error: describeError(error) });
      }
      this.block(describeError(error));
      return false;
    }
    this.#publishingCount -= batch.length;
    this.#tell();
    for (const entry of batch) {
      entry.onConfirmed();
    }
    return true;
  }

  async #probe(): Promise<void> {
    const { broker, clock, log } = this.#parts;
    for (let failureCount = 1; !this.#life.aborted; failureCount += 1) {
      await clock.sleep(backoffMs(failureCount, clock.random(), brokerBackoffMaxMs), this.#life);
      if (!broker.isConnected) {
        continue;
      }
      if (this.#waiting.length === 0 || (await this.#publishNext())) {
        this.#isBlocked = false;
        log.info("reports.unblocked", { failures: failureCount - 1 });
        this.#tell();
        this.#publishAll();
        this.#onUnblocked();
        return;
      }
    }
  }

  #tell(): void {
    this.#parts.observer.setUnconfirmed(this.#waiting.length + this.#publishingCount, this.#isBlocked);
  }
}
