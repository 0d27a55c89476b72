import type { WorkerStanding } from "../../src/domain/worker_share.ts";
import type { Clock } from "../../src/ports/clock.ts";

const aliveMs = 30_000;

interface Member {
  heard: string;
  seenAtMs: number;
}

/** How Odoo answers sidecars that send (`integration.worker`), in memory. */
export class RollCallDouble {
  readonly #clock: Clock;
  readonly #members = new Map<string, Member>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answer(worker: string, heard: string): WorkerStanding {
    const nowMs = this.#clock.now().getTime();
    for (const [name, member] of this.#members) {
      if (nowMs - member.seenAtMs > aliveMs) this.#members.delete(name);
    }
    // Odoo orders by the id a name got first; names of tests sort the same way.
    const names = [...new Set([...this.#members.keys(), worker])].sort();
    const roll = names.join(",");
    this.#members.set(worker, { heard: heard === roll ? roll : "", seenAtMs: nowMs });
    const isAgreed = [...this.#members].every(([name, member]) => name === worker || member.heard === roll);
    const isSettled = isAgreed && (heard === roll || names.length === 1);
    return { count: names.length, index: names.indexOf(worker), roll, isSettled };
  }

  leave(worker: string): void {
    this.#members.delete(worker);
  }
}
