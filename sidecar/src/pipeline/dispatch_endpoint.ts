/**
 * The work of one endpoint in this process: what waits, what is under way, and how much may be. Concurrency is
 * bounded here and not by the broker's prefetch, because acknowledgements wait for confirmed outcomes.
 */
import type { Claim, Endpoint, EndpointState, Lane } from "../domain/delivery.ts";
import type { Work } from "./dispatch_ledger.ts";

/**
 * In these states what is on the lanes is taken: tests are sent, all else is given back to Odoo. A fenced endpoint
 * belongs to another database, where it may be sent to.
 */
const givingBack: readonly EndpointState[] = ["draft", "paused", "stopped"];

export const lanes: readonly Lane[] = ["urgent", "batch"];

/** A list read this soon after a 410 may not know of it yet: our report is still on its way to Odoo. */
const reportGraceMs = 10_000;

export class EndpointQueue {
  readonly endpointId: number;
  #endpoint: Endpoint | undefined;
  readonly #waiting: Readonly<Record<Lane, Work[]>> = { urgent: [], batch: [] };
  /** Tests, each of which a person waits for. They take no slot of those that the endpoint allows. */
  #tests: Work[] = [];
  #inFlight = 0;
  #unsettled = 0;
  #isPaused = false;
  /** When the endpoint answered 410; undefined when it may be served. */
  #stoppedAt: Date | undefined;
  #quietWaiters: (() => void)[] = [];

  constructor(endpointId: number) {
    this.endpointId = endpointId;
  }

  /** Current settings; undefined when Odoo no longer lists the endpoint. */
  get endpoint(): Endpoint | undefined {
    return this.#endpoint;
  }

  /** True while nothing may be sent: what comes goes back to Odoo, where people see it wait. */
  get isGivingBack(): boolean {
    return this.#endpoint !== undefined && givingBack.includes(this.#endpoint.state);
  }

  /** Unacknowledged messages to take per lane; 0: the lanes are left alone. */
  get wantedPrefetch(): number {
    const endpoint = this.#endpoint;
    const isServed = endpoint?.state === "active" && endpoint.concurrency > 0;
    return isServed || this.isGivingBack ? (endpoint?.window ?? 0) : 0;
  }

  /** Requests under way, without tests. */
  get inFlightCount(): number {
    return this.#inFlight;
  }

  get waitingCount(): number {
    return this.#waiting.urgent.length + this.#waiting.batch.length + this.#tests.length;
  }

  /** Takes new settings. Odoo's word also ends a local stop, unless it is older than our report can be. */
  update(endpoint: Endpoint | undefined, now: Date): void {
    this.#endpoint = endpoint;
    const stoppedForMs = this.#stoppedAt ? now.getTime() - this.#stoppedAt.getTime() : 0;
    if (endpoint?.state !== "active" || stoppedForMs >= reportGraceMs) {
      this.#stoppedAt = undefined;
    }
  }

  /** Starts nothing more until `resume`: the lanes are about to change. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  /**
   * The endpoint answered 410. Odoo stops it when it reads the report; until then each further request would turn one
   * more delivery into a failed one.
   */
  stop(now: Date): void {
    this.#stoppedAt = now;
  }

  /** Whether it may be sent when its turn comes; otherwise it goes back to Odoo. */
  mayTake(claim: Claim): boolean {
    if (this.#endpoint === undefined) return false;
    return !this.isGivingBack || claim.isTest === true;
  }

  add(work: Work): void {
    (work.claim.isTest ? this.#tests : this.#waiting[work.claim.lane]).push(work);
  }

  /** `takeNext` has something to give. */
  get isReady(): boolean {
    const endpoint = this.#endpoint;
    if (!endpoint || endpoint.state === "fenced" || this.#isPaused) return false;
    if (this.#tests.length > 0) return true;
    const isOpen = endpoint.state === "active" && !this.#stoppedAt;
    return isOpen && this.#inFlight < endpoint.concurrency && this.waitingCount > 0;
  }

  /** The next work with the settings to use, if it may start. Call `finish` and `settle` for each. */
  takeNext(): { readonly work: Work; readonly endpoint: Endpoint } | undefined {
    const endpoint = this.#endpoint;
    if (!endpoint || !this.isReady) {
      return undefined;
    }
    const work = this.#tests.shift() ?? this.#waiting.urgent.shift() ?? this.#waiting.batch.shift();
    if (!work) {
      return undefined;
    }
    if (!work.claim.isTest) this.#inFlight += 1;
    this.#unsettled += 1;
    return { work, endpoint };
  }

  /** The request is over: its slot is free. */
  finish({ claim }: Work): void {
    if (!claim.isTest) this.#inFlight -= 1;
  }

  /** The message is acknowledged or given up. */
  settle(): void {
    this.#unsettled -= 1;
    if (this.#unsettled === 0) {
      for (const wake of this.#quietWaiters.splice(0)) {
        wake();
      }
    }
  }

  /** Resolves when nothing started is left unsettled. */
  whenQuiet(): Promise<void> {
    return this.#unsettled === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#quietWaiters.push(resolve);
        });
  }

  /** Gives up what has not started and may not be sent while the endpoint is given back or unknown. */
  removeRefused(): readonly Work[] {
    const tests = this.#endpoint === undefined ? this.#tests.splice(0) : [];
    return [...lanes.flatMap((lane) => this.#waiting[lane].splice(0)), ...tests];
  }

  /** Gives up what has not started of a lane. */
  removeWaiting(lane: Lane): readonly Work[] {
    const tests = this.#tests.filter(({ claim }) => claim.lane === lane);
    this.#tests = this.#tests.filter(({ claim }) => claim.lane !== lane);
    return [...this.#waiting[lane].splice(0), ...tests];
  }
}
