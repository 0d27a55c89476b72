/**
 * Takes due deliveries from the lanes and sends them: start → sign → post → decide → publish the outcome, confirmed →
 * acknowledge. The outcome comes before the acknowledgement, so a crash at any point repeats a try but loses none.
 *
 * No endpoint is in another's way: each has its own queue, slots and lanes. All stop starting while the broker does not
 * confirm outcomes.
 */
import type { Claim, Endpoint, Lane, Outcome } from "../domain/delivery.ts";
import type { Received } from "../ports/broker.ts";
import { describeError } from "../ports/log.ts";
import { type AttemptParts, attemptDelivery } from "./dispatch_attempt.ts";
import { EndpointQueue } from "./dispatch_endpoint.ts";
import { LaneConsumption } from "./dispatch_lanes.ts";
import { AttemptLedger, type Work } from "./dispatch_ledger.ts";
import { type OpenEndpoint, OpenEndpoints } from "./dispatch_open_endpoints.ts";
import { type OutboxParts, OutcomeOutbox } from "./dispatch_outcomes.ts";
import { describeUntried, isSuperseded } from "./dispatch_untried.ts";
import { OdooTime } from "./odoo_time.ts";
import type { RequestBudget } from "./request_budget.ts";

export interface DispatcherParts extends AttemptParts, OutboxParts {
  /** Requests of the whole process. */
  readonly budget: RequestBudget;
  /** False while others may have been given our share of the endpoints' slots: nothing is started then. */
  readonly mayStart: () => boolean;
  /** Absent: our clock is taken for Odoo's. */
  readonly odooTime?: OdooTime;
}

export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #odooTime: OdooTime;
  readonly #life = new AbortController();
  readonly #ledger = new AttemptLedger();
  readonly #outbox: OutcomeOutbox;
  readonly #endpoints = new OpenEndpoints((endpointId) => this.#open(endpointId));
  readonly #running = new Map<Work, Promise<void>>();
  #isDraining = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#odooTime = parts.odooTime ?? new OdooTime(parts.clock);
    this.#outbox = new OutcomeOutbox(parts, () => this.#startAll(), this.#life.signal);
  }

  /**
   * Takes the full current list, each with the concurrency it may have here; returns at once, lanes open and close in
   * the background. Endpoints without any leave their lanes to others.
   */
  applyEndpoints(endpoints: readonly Endpoint[]): void {
    if (this.#isDraining) return;
    const listed = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
    for (const endpointId of new Set([...this.#endpoints.ids, ...listed.keys()])) {
      this.#applyEndpoint(endpointId, listed.get(endpointId));
    }
    const active = endpoints.filter((endpoint) => endpoint.state === "active");
    this.#parts.sender.keepOnly(new Set(active.map((endpoint) => endpoint.id))).catch((error: unknown) => {
      this.#parts.log.error("sender.close_failed", { error: describeError(error) });
    });
  }

  /** Endpoint → most to claim for it now; absent endpoints have no such limit. */
  readCredits(): ReadonlyMap<number, number> {
    return this.#ledger.readCredits();
  }

  /** No request is under way; a test is no matter. */
  get isIdle(): boolean {
    return this.#endpoints.queues.every((queue) => queue.inFlightCount === 0);
  }

  /** No more requests are under way than the latest list allows; after a reduction that takes a while. */
  get isWithinConcurrency(): boolean {
    return this.#endpoints.queues.every((queue) => queue.inFlightCount <= (queue.endpoint?.concurrency ?? 0));
  }

  /**
   * Starts nothing more, lets requests under way finish and their outcomes be confirmed, then gives back the rest. When
   * the signal aborts, open requests are cut; their messages stay unacknowledged and go to another worker.
   */
  async drain(signal: AbortSignal): Promise<void> {
    this.#isDraining = true;
    const expire = () => this.#life.abort();
    signal.addEventListener("abort", expire, { once: true });
    if (signal.aborted) expire();
    try {
      await this.#endpoints.close(this.#life.signal);
    } finally {
      signal.removeEventListener("abort", expire);
      this.#life.abort();
      await Promise.all(this.#running.values());
    }
  }

  #applyEndpoint(endpointId: number, endpoint: Endpoint | undefined): void {
    const { queue, consumption } = this.#endpoints.findOrOpen(endpointId);
    queue.update(endpoint, this.#parts.clock.now());
    consumption.want(queue.wantedPrefetch);
    if (!endpoint || queue.isGivingBack) {
      for (const work of queue.removeRefused()) this.#reportUntried(work, queue);
    }
    this.#start(queue);
  }

  #open(endpointId: number): OpenEndpoint {
    const queue = new EndpointQueue(endpointId);
    const parts = {
      ...this.#parts,
      onClaim: (message: Received<Claim>) => this.#takeClaim(message),
      onOpened: (opened: EndpointQueue) => this.#start(opened),
      onCancelled: (cancelled: EndpointQueue, lane: Lane) => this.#giveBack(cancelled, lane),
    };
    return { queue, consumption: new LaneConsumption(queue, parts, this.#life.signal) };
  }

  #takeClaim(message: Received<Claim>): void {
    const admission = this.#ledger.admit(message, this.#parts.clock.now());
    if (admission.kind === "done") message.ack();
    if (admission.kind !== "new") return;
    const queue = this.#endpoints.find(message.value.endpointId);
    if (!queue?.mayTake(message.value)) {
      this.#reportUntried(admission.work, queue);
      return;
    }
    queue.add(admission.work);
    this.#start(queue);
  }

  #startAll(): void {
    for (const queue of this.#endpoints.queues) this.#start(queue);
  }

  /** Starts as much as the endpoint's slots allow. */
  #start(queue: EndpointQueue): void {
    if (!this.#parts.broker.isConnected && queue.waitingCount > 0) {
      this.#outbox.block("the broker is not connected");
    }
    while (this.#mayStart(queue)) {
      const next = queue.takeNext();
      if (!next) {
        this.#parts.budget.release();
        break;
      }
      if (isSuperseded(next.work, this.#odooTime, this.#parts.log)) {
        this.#ledger.forget(next.work);
        queue.finish(next.work);
        this.#parts.budget.release();
        queue.settle();
        continue;
      }
      this.#running.set(next.work, this.#run(queue, next.work, next.endpoint));
    }
    this.#parts.observer.setLoad(queue.endpointId, queue.inFlightCount, queue.waitingCount);
  }

  /** Takes from the process's budget when true. */
  #mayStart(queue: EndpointQueue): boolean {
    const isOpen = !this.#isDraining && !this.#outbox.isBlocked && queue.isReady && this.#parts.mayStart();
    return isOpen && this.#parts.budget.take(queue, () => this.#start(queue));
  }

  async #run(queue: EndpointQueue, work: Work, endpoint: Endpoint): Promise<void> {
    const outcome = await attemptDelivery(work.claim, endpoint, this.#parts, this.#life.signal);
    this.#running.delete(work);
    // Before the slot is free: whoever gets it may be this endpoint again.
    const isGone = outcome?.decision.kind === "failed" && outcome.decision.stopEndpoint;
    if (isGone && !work.claim.isTest) queue.stop(this.#parts.clock.now());
    queue.finish(work);
    this.#parts.budget.release();
    if (!outcome) {
      this.#ledger.forget(work);
      queue.settle();
      return;
    }
    this.#outbox.add(outcome, () => {
      this.#acknowledge(work, outcome);
      queue.settle();
    });
    this.#start(queue);
  }

  #reportUntried(work: Work, queue: EndpointQueue | undefined): void {
    const outcome = describeUntried(work.claim, queue, this.#parts);
    this.#outbox.add(outcome, () => this.#acknowledge(work, outcome));
  }

  #acknowledge(work: Work, { decision }: Outcome): void {
    this.#ledger.complete(work, decision.kind === "delivered", this.#parts.clock.now());
    work.message.ack();
  }

  #giveBack(queue: EndpointQueue, lane: Lane): void {
    for (const work of queue.removeWaiting(lane)) this.#ledger.forget(work);
    this.#parts.observer.setLoad(queue.endpointId, queue.inFlightCount, queue.waitingCount);
  }
}
