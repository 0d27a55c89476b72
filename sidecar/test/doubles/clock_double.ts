import type { Clock } from "../../src/ports/clock.ts";

interface Sleeper {
  readonly dueAtMs: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so. */
export class ClockDouble implements Clock {
  /** What `random` answers. */
  chance = 0.5;
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = "2026-11-20T08:31:55.000Z") {
    this.#nowMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  random(): number {
    return this.chance;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { dueAtMs: this.#nowMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  /** Sleepers that nothing has woken yet. */
  get sleeperCount(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass while nobody sleeps. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets time pass and wakes who is due, in order; what they start may sleep and wake within the same span. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#nextDue(endMs); next; next = this.#nextDue(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueAtMs);
      next.wake();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #nextDue(endMs: number): Sleeper | undefined {
    const due = [...this.#sleepers].filter((sleeper) => sleeper.dueAtMs <= endMs);
    return due.sort((one, other) => one.dueAtMs - other.dueAtMs)[0];
  }
}

/** Lets everything run that waits for no time and no network: a few turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
