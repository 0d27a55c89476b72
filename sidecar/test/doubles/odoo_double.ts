import type { Claim, Endpoint, Outcome } from "../../src/domain/delivery.ts";
import type { WorkerStanding } from "../../src/domain/worker_share.ts";
import type { ParkedMessage } from "../../src/ports/broker.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { ClaimBatch, Handshake, OdooPort, ParkResult, ReportResult } from "../../src/ports/odoo.ts";

interface Row {
  readonly claim: Claim;
  state: "pending" | "queued" | "delivered" | "failed";
  attemptCount: number;
  scheduleStart: number;
  dueAtMs: number;
  leaseUntilMs: number;
}

const leaseMs = 60_000;

/** Odoo's side of the contract in memory: leases, fencing by attempt number, idempotent reports. */
export class OdooDouble implements OdooPort {
  /** Thrown by every call while set. */
  failure: Error | undefined;
  /** Time that passes in Odoo between looking for due deliveries and answering. */
  answerDelayMs = 0;
  endpointRevision = 1;
  endpointList: readonly Endpoint[] = [];
  environmentUuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
  isNeutralized = false;
  /** Answered to sidecars that send; undefined means busy. */
  standing: WorkerStanding | undefined = { count: 1, index: 0, roll: "alone", isSettled: true };
  /** The rolls of handshakes, in order. */
  readonly heard: (string | undefined)[] = [];
  /** What each handshake told of the broker. */
  readonly brokerStates: (boolean | undefined)[] = [];
  /** Names of the calls Odoo took, in order. */
  readonly calls: string[] = [];
  readonly reportSizes: number[] = [];
  /** Messages that Odoo keeps, by fingerprint. */
  readonly parked = new Map<string, ParkedMessage>();
  readonly #rows = new Map<number, Row>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A delivery due at once, or at `dueAt`. */
  addDelivery(claim: Claim, dueAt: Date = this.#clock.now()): void {
    this.#rows.set(claim.deliveryId, {
      claim,
      state: "pending",
      attemptCount: 0,
      scheduleStart: 0,
      dueAtMs: dueAt.getTime(),
      leaseUntilMs: 0,
    });
  }

  stateOf(deliveryId: number): Row["state"] | undefined {
    return this.#rows.get(deliveryId)?.state;
  }

  countCalls(name: string): number {
    return this.calls.filter((call) => call === name).length;
  }

  async handshake(
    _worker?: string,
    _version?: string,
    heard?: string,
    isBrokerConnected?: boolean,
  ): Promise<Handshake> {
    this.#answer("handshake");
    this.heard.push(heard);
    this.brokerStates.push(isBrokerConnected);
    return {
      databaseUuid: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
      environmentUuid: this.environmentUuid,
      database: "double",
      odooVersion: "19.0",
      isNeutralized: this.isNeutralized,
      wakeChannel: "wake",
      endpointRevision: this.endpointRevision,
      claimLimit: 1000,
      leaseS: leaseMs / 1000,
      shareS: 15,
      takesBrokerState: true,
      workers: heard === undefined ? undefined : this.standing,
      serverTime: this.#clock.now().toISOString(),
    };
  }

  async endpoints(
    revision: number,
  ): Promise<{ revision: number; endpoints: readonly Endpoint[] } | undefined> {
    this.#answer("endpoints");
    if (revision === this.endpointRevision) return undefined;
    return { revision: this.endpointRevision, endpoints: this.endpointList };
  }

  async claim(_worker: string, limit: number, credits: ReadonlyMap<number, number>): Promise<ClaimBatch> {
    this.#answer("claim");
    const nowMs = this.#clock.now().getTime();
    const pending = [...this.#rows.values()].filter((row) => row.state === "pending");
    const taken = new Map<number, number>();
    const claims: Claim[] = [];
    for (const row of pending) {
      const { endpointId } = row.claim;
      const isFree = row.dueAtMs <= nowMs && row.leaseUntilMs <= nowMs;
      const count = taken.get(endpointId) ?? 0;
      if (!isFree || claims.length >= limit || count >= (credits.get(endpointId) ?? Number.POSITIVE_INFINITY))
        continue;
      taken.set(endpointId, count + 1);
      row.leaseUntilMs = nowMs + leaseMs;
      claims.push({
        ...row.claim,
        attemptNumber: row.attemptCount + 1,
        scheduleStep: row.attemptCount + 1 - row.scheduleStart,
      });
    }
    const later = pending.filter((row) => row.dueAtMs > nowMs).map((row) => row.dueAtMs);
    return {
      claims,
      nextDueAt: later.length === 0 ? undefined : new Date(Math.min(...later)).toISOString(),
      endpointRevision: this.endpointRevision,
      serverTime: new Date(nowMs + this.answerDelayMs).toISOString(),
    };
  }

  async published(_worker: string, claims: readonly Claim[]): Promise<void> {
    this.#answer("published");
    for (const claim of claims) {
      const row = this.#rows.get(claim.deliveryId);
      if (row?.state === "pending" && claim.attemptNumber === row.attemptCount + 1) row.state = "queued";
    }
  }

  async report(outcomes: readonly Outcome[]): Promise<ReportResult> {
    this.#answer("report");
    this.reportSizes.push(outcomes.length);
    const result = {
      applied: [] as number[],
      stale: [] as number[],
      refused: [] as ReportResult["refused"][number][],
      isMoreDue: false,
    };
    for (const outcome of outcomes) {
      if (outcome.worker === "") {
        result.refused.push({ deliveryId: outcome.deliveryId, error: "IM_OUTCOME_INVALID: worker" });
      } else if (this.#apply(outcome)) {
        result.applied.push(outcome.deliveryId);
      } else {
        result.stale.push(outcome.deliveryId);
      }
    }
    const nowMs = this.#clock.now().getTime();
    const isDue = (row: Row) => row.state === "pending" && row.dueAtMs <= nowMs && row.leaseUntilMs <= nowMs;
    result.isMoreDue = result.applied.length > 0 && [...this.#rows.values()].some(isDue);
    return result;
  }

  async park(_worker: string, messages: readonly ParkedMessage[]): Promise<ParkResult> {
    this.#answer("park");
    const isGood = (message: ParkedMessage) => /^[0-9a-f]{64}$/.test(message.fingerprint);
    for (const message of messages.filter(isGood)) this.parked.set(message.fingerprint, message);
    return {
      parked: messages.filter(isGood).map((message) => message.key),
      refused: messages.flatMap((message, index) =>
        isGood(message) ? [] : [{ index, error: "IM_PARK_INVALID: fingerprint" }],
      ),
    };
  }

  #apply(outcome: Outcome): boolean {
    const row = this.#rows.get(outcome.deliveryId);
    if (row === undefined || outcome.attemptNumber !== row.attemptCount + 1) return false;
    row.leaseUntilMs = 0;
    if (outcome.decision.kind === "returned") {
      row.state = "pending";
      return true;
    }
    row.attemptCount += 1;
    switch (outcome.decision.kind) {
      case "delivered":
        row.state = "delivered";
        break;
      case "failed":
        row.state = "failed";
        break;
      case "retry":
        row.state = "pending";
        row.dueAtMs = this.#clock.now().getTime() + outcome.decision.retryDelayS * 1000;
        break;
    }
    return true;
  }

  #answer(name: string): void {
    if (this.failure !== undefined) throw this.failure;
    this.calls.push(name);
  }
}
