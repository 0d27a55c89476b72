/**
 * What this sidecar may take of each endpoint's concurrency, so that all sidecars together never exceed it.
 *
 *   nothing ── settled ──▶ a place ── another roll ──▶ the least of the place and all rolls since ── settled ──▶ a place
 *      ▲                                                                                                        │
 *      └───────────── left, or no handshake for `shareMs`: others may have been given ours ◀───────────────────┘
 *
 * Less is taken at once, more only when every sidecar reckons with the same roll (docs/decisions/0015).
 */
import { shareSlots, type WorkerStanding } from "../domain/worker_share.ts";
import type { Clock } from "../ports/clock.ts";
import type { LogFields } from "../ports/log.ts";

export class WorkerShares {
  readonly #clock: Clock;
  readonly #shareMs: number;
  #granted: WorkerStanding | undefined;
  /** Rolls heard since the granted one. */
  #heard: readonly WorkerStanding[] = [];
  #latest: WorkerStanding | undefined;
  #lapseCount = 0;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  /** @param shareMs how long after asking for it a standing may be used */
  constructor(clock: Clock, shareMs: number) {
    this.#clock = clock;
    this.#shareMs = shareMs;
  }

  /** The roll of the latest answer, "" for none. */
  get roll(): string {
    return this.#latest?.roll ?? "";
  }

  get isSettled(): boolean {
    return this.#granted !== undefined && this.#heard.length === 0;
  }

  /** @param askedAt before the handshake was sent: Odoo cannot have seen us earlier */
  note(standing: WorkerStanding, askedAt: Date): void {
    // Odoo may have struck us off and shared our slots out meanwhile, also when it has the same roll again.
    if (!this.isCurrent) {
      this.#granted = undefined;
      this.#lapseCount += 1;
    }
    this.#askedAtMs = askedAt.getTime();
    this.#latest = standing;
    if (standing.isSettled) {
      this.#granted = standing;
      this.#heard = [];
    } else if (this.#heard.every((known) => known.roll !== standing.roll)) {
      this.#heard = [...this.#heard, standing];
    }
  }

  /** Takes nothing any more until it is given a place anew. Odoo still has to be told. */
  leave(): void {
    this.#granted = undefined;
    this.#heard = [];
    this.#latest = undefined;
    this.#askedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** For the log. */
  describe(): LogFields {
    return {
      worker_count: this.#latest?.count ?? 0,
      is_settled: this.isSettled,
      is_current: this.isCurrent,
    };
  }

  /** Equal as long as `countSlots` gives the same, without a pause between. */
  get state(): string {
    const places = this.#granted === undefined ? [] : [this.#granted, ...this.#heard];
    return JSON.stringify([this.isCurrent, this.#lapseCount, places]);
  }

  /** False when others may have been given our share: nothing may be started. */
  get isCurrent(): boolean {
    const ageMs = this.#clock.now().getTime() - this.#askedAtMs;
    return ageMs >= 0 && ageMs < this.#shareMs;
  }

  /** Requests that may be under way to the endpoint from here. */
  countSlots(endpointId: number, concurrency: number): number {
    if (this.#granted === undefined || !this.isCurrent) return 0;
    const counts = [this.#granted, ...this.#heard].map((place) => shareSlots(concurrency, endpointId, place));
    return Math.min(...counts);
  }
}
