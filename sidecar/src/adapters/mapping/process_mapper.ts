/**
 * Applies mappings outside of this process, because an expression may run for ever or take all memory, and a thread that
 * does so ends the whole process.
 *
 * There are two lanes, each one process that works on one event at a time. Whatever was too slow or too large once goes
 * to the second lane from then on, until it behaves: the others wait for it a single time. The processes are started
 * when there is something to map, and end when there was nothing for a while.
 */
import type { MappingOutcome } from "../../domain/mapping.ts";
import { mappingLimits } from "../../domain/mapping_refusal.ts";
import type { MapperPort } from "../../ports/mapper.ts";
import { MappingChild, type MappingRun, MappingUnavailable } from "./mapping_child.ts";
import type { MappingRequest } from "./mapping_process.ts";

/** The program ends most runs by its own clock; this ends those in which no clock is looked at. */
const deadlineMs = mappingLimits.runMs + 500;
const idleMs = 60_000;
const suspectsMax = 1000;

export class ProcessMapper implements MapperPort {
  readonly #ordinary: MappingLane;
  readonly #slow: MappingLane;
  /** Expressions that did not behave; the oldest is forgotten first. */
  readonly #suspects = new Set<string>();

  constructor(options: { readonly idleMs?: number } = {}) {
    this.#ordinary = new MappingLane(options.idleMs ?? idleMs);
    this.#slow = new MappingLane(options.idleMs ?? idleMs);
  }

  async apply(expression: string, event: string, signal: AbortSignal): Promise<MappingOutcome> {
    const request = { expression, event };
    let run = this.#suspects.has(expression) ? undefined : await this.#ordinary.run(request, signal);
    // Killed from outside, or for its memory: only the same in a fresh process is the expression's own doing.
    if (run === undefined || run.kind === "lost") run = await this.#slow.run(request, signal);
    const outcome = judge(run);
    this.#remember(expression, outcome.isSuspect);
    return outcome.result;
  }

  async close(): Promise<void> {
    this.#ordinary.close();
    this.#slow.close();
  }

  #remember(expression: string, isSuspect: boolean): void {
    this.#suspects.delete(expression);
    if (!isSuspect) return;
    this.#suspects.add(expression);
    const [oldest] = this.#suspects;
    if (this.#suspects.size > suspectsMax && oldest !== undefined) this.#suspects.delete(oldest);
  }
}

function judge(run: MappingRun): { readonly result: MappingOutcome; readonly isSuspect: boolean } {
  switch (run.kind) {
    case "mapped":
      return { result: run, isSuspect: false };
    case "refused":
      return { result: run, isSuspect: run.cause === "limit" };
    case "late":
      return {
        result: refuse(`it ran longer than ${deadlineMs / 1000} s; check regular expressions and functions`),
        isSuspect: true,
      };
    case "lost":
      return { result: refuse("it takes more memory than there is for a mapping"), isSuspect: true };
  }
}

function refuse(reason: string): MappingOutcome {
  return { kind: "refused", cause: "limit", reason };
}

interface Waiting {
  readonly start: () => void;
  readonly abandon: (error: Error) => void;
}

/** One process and those who wait for it, in the order they came. */
class MappingLane {
  readonly #child = new MappingChild();
  readonly #idleMs: number;
  readonly #waiting: Waiting[] = [];
  #isBusy = false;
  #isClosed = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  async run(request: MappingRequest, signal: AbortSignal): Promise<MappingRun> {
    await this.#takeTurn(signal);
    try {
      signal.throwIfAborted();
      return await this.#child.run(request, deadlineMs);
    } finally {
      this.#passOn();
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#child.stop();
    for (const { abandon } of this.#waiting.splice(0)) abandon(new MappingUnavailable("the service stops"));
  }

  async #takeTurn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new MappingUnavailable("the service stops");
    clearTimeout(this.#idle);
    if (!this.#isBusy) {
      this.#isBusy = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const place = { start: resolve, abandon: reject };
      this.#waiting.push(place);
      const leave = () => {
        const index = this.#waiting.indexOf(place);
        // Not found: it is our turn already.
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      const settle = (then: () => void) => () => {
        signal.removeEventListener("abort", leave);
        then();
      };
      place.start = settle(resolve);
    });
  }

  #passOn(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.start();
      return;
    }
    this.#isBusy = false;
    if (!this.#isClosed) this.#idle = setTimeout(() => this.#child.stop(), this.#idleMs).unref();
  }
}
