/** The list of endpoints as this sidecar may serve it: each with its share of the concurrency instead of all of it. */
import type { Endpoint } from "../domain/delivery.ts";
import type { LogPort } from "../ports/log.ts";
import type { WorkerShares } from "./worker_shares.ts";

export class ServedEndpoints {
  readonly #shares: WorkerShares;
  readonly #onChange: (endpoints: readonly Endpoint[]) => void;
  readonly #log: LogPort;
  #endpoints: readonly Endpoint[] = [];
  #appliedState = "";

  constructor(shares: WorkerShares, log: LogPort, onChange: (endpoints: readonly Endpoint[]) => void) {
    this.#shares = shares;
    this.#log = log;
    this.#onChange = onChange;
  }

  /** Takes a list that Odoo gave. */
  applyList(endpoints: readonly Endpoint[]): void {
    this.#endpoints = endpoints;
    this.#apply();
  }

  /** Shares may be others than before. */
  applyShares(): void {
    if (this.#shares.state === this.#appliedState) return;
    this.#apply();
    this.#log[this.#shares.isCurrent ? "info" : "warn"]("shares.changed", this.#shares.describe());
  }

  #apply(): void {
    this.#appliedState = this.#shares.state;
    this.#onChange(
      this.#endpoints.map((endpoint) => ({
        ...endpoint,
        concurrency: this.#shares.countSlots(endpoint.id, endpoint.concurrency),
      })),
    );
  }
}
