/**
 * Runs mappings in a worker, one at a time, only the latest that was asked for. A run that does not end is ended with
 * its worker; the next one gets a new worker.
 */
import type { MappingOutcome } from "../../../sidecar/src/domain/mapping.ts";

/** Why a mapping gives nothing, and where. */
export type PreviewOutcome = MappingOutcome | { readonly kind: "late" } | { readonly kind: "unavailable" };

export interface MappingWorker {
  onmessage: ((message: { readonly data: MappingOutcome }) => void) | null;
  onerror: ((error: unknown) => void) | null;
  postMessage(request: { readonly expression: string; readonly event: string }): void;
  terminate(): void;
}

export interface MappingRunnerOptions {
  openWorker(): MappingWorker;
  /** Calls back after the delay in ms unless the returned function was called before. */
  schedule(callback: () => void, delayMs: number): () => void;
  /** Told the outcome of the latest expression only. */
  onOutcome(outcome: PreviewOutcome): void;
}

/** More than the program's own limit, for what no clock is looked at in. */
export const runMsMax = 1500;

interface Request {
  readonly expression: string;
  readonly event: string;
}

export class MappingRunner {
  readonly #options: MappingRunnerOptions;
  #worker: MappingWorker | undefined;
  #running: Request | undefined;
  #next: Request | undefined;
  #cancelDeadline: () => void = () => undefined;

  constructor(options: MappingRunnerOptions) {
    this.#options = options;
  }

  /** Replaces what waits, and what is under way: its outcome is no longer told. */
  run(expression: string, event: string): void {
    this.#next = { expression, event };
    if (this.#running === undefined) this.#start();
  }

  /** Forgets all requests and ends the worker. */
  close(): void {
    this.#next = undefined;
    this.#endWorker();
  }

  #start(): void {
    const request = this.#next;
    if (request === undefined) return;
    this.#next = undefined;
    this.#running = request;
    let worker: MappingWorker;
    try {
      worker = this.#worker ?? this.#options.openWorker();
    } catch {
      // The browser has no workers, or forbids ours: the sidecar still applies the mapping.
      this.#finish({ kind: "unavailable" });
      return;
    }
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#finish(data);
    worker.onerror = () => {
      this.#endWorker();
      this.#finish({ kind: "unavailable" });
    };
    this.#cancelDeadline = this.#options.schedule(() => {
      this.#endWorker();
      this.#finish({ kind: "late" });
    }, runMsMax);
    worker.postMessage(request);
  }

  #finish(outcome: PreviewOutcome): void {
    this.#cancelDeadline();
    this.#running = undefined;
    if (this.#next === undefined) this.#options.onOutcome(outcome);
    else this.#start();
  }

  #endWorker(): void {
    this.#cancelDeadline();
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#running = undefined;
  }
}
