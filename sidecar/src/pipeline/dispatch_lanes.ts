/**
 * Keeps the broker's consumers of one endpoint as they should be: both lanes taken while the endpoint is active,
 * none otherwise.
 *
 *   closed ── want(n > 0) ──▶ open ── want(other) ──▶ quieting ── nothing unsettled ──▶ closed ── …
 *                              ▲────── want(as open) ──────┘
 *
 * A lane is cancelled only when nothing started is unsettled: cancelling gives unacknowledged messages back, and another
 * worker would send those again that are still under way here.
 */
import { backoffMs, brokerBackoffMaxMs } from "../domain/backoff.ts";
import type { Claim, Lane } from "../domain/delivery.ts";
import type { BrokerPort, Received } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import { type EndpointQueue, lanes } from "./dispatch_endpoint.ts";

export interface LaneParts {
  readonly broker: BrokerPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly onClaim: (message: Received<Claim>) => void;
  /** Work may start again. */
  readonly onOpened: (queue: EndpointQueue) => void;
  /** The broker has taken back what the lane had not started. */
  readonly onCancelled: (queue: EndpointQueue, lane: Lane) => void;
}

export class LaneConsumption {
  readonly #queue: EndpointQueue;
  readonly #parts: LaneParts;
  readonly #life: AbortSignal;
  /** Lane → prefetch it was opened with. */
  readonly #open = new Map<Lane, number>();
  #wantedPrefetch = 0;
  #wantChanged = Promise.withResolvers<void>();
  #isRunning = false;
  #task: Promise<void> = Promise.resolve();

  constructor(queue: EndpointQueue, parts: LaneParts, life: AbortSignal) {
    this.#queue = queue;
    this.#parts = parts;
    this.#life = life;
  }

  /** Both lanes with this prefetch each; 0 closes them. Works in the background until it is so. */
  want(prefetch: number): void {
    if (prefetch !== this.#wantedPrefetch) {
      this.#wantedPrefetch = prefetch;
      this.#wantChanged.resolve();
      this.#wantChanged = Promise.withResolvers();
    }
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#task = this.#reconcile();
    }
  }

  /** Resolves when the lanes are as wanted, or the service stops. */
  whenDone(): Promise<void> {
    return this.#task;
  }

  async #reconcile(): Promise<void> {
    let failureCount = 0;
    while (!this.#isAsWanted() && !this.#life.aborted) {
      try {
        await this.#step();
        failureCount = 0;
      } catch (error) {
        failureCount += 1;
        this.#parts.log.warn("lane.unavailable", {
          endpoint_id: this.#queue.endpointId,
          error: describeError(error),
        });
        await this.#parts.clock.sleep(
          backoffMs(failureCount, this.#parts.clock.random(), brokerBackoffMaxMs),
          this.#life,
        );
      }
    }
    this.#isRunning = false;
  }

  async #step(): Promise<void> {
    if (this.#findOutdated().length > 0) {
      this.#queue.pause();
      const isQuiet = await Promise.race([
        this.#queue.whenQuiet().then(() => true),
        this.#wantChanged.promise.then(() => false),
      ]);
      if (isQuiet) await this.#cancel(this.#findOutdated());
    }
    if (this.#wantedPrefetch > 0 && this.#findOutdated().length === 0) {
      this.#queue.resume();
      this.#parts.onOpened(this.#queue);
      await this.#consumeMissing();
    }
  }

  async #cancel(outdated: readonly Lane[]): Promise<void> {
    for (const lane of outdated) {
      await this.#parts.broker.cancelLane(this.#queue.endpointId, lane);
      this.#open.delete(lane);
      this.#parts.onCancelled(this.#queue, lane);
    }
  }

  async #consumeMissing(): Promise<void> {
    for (const lane of lanes) {
      const prefetch = this.#wantedPrefetch;
      if (prefetch > 0 && !this.#open.has(lane)) {
        await this.#parts.broker.consumeLane(this.#queue.endpointId, lane, prefetch, this.#parts.onClaim);
        this.#open.set(lane, prefetch);
      }
    }
  }

  #findOutdated(): readonly Lane[] {
    return lanes.filter((lane) => this.#open.has(lane) && this.#open.get(lane) !== this.#wantedPrefetch);
  }

  #isAsWanted(): boolean {
    return lanes.every((lane) => (this.#open.get(lane) ?? 0) === this.#wantedPrefetch);
  }
}
