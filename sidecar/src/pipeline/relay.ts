/**
 * Brings due deliveries from Odoo onto their lanes.
 *
 *   waiting ── hint, poll or due retry ──▶ announcing ──▶ claiming ── full batch ──▶ announcing ──▶ …
 *      ▲                                                     │  └─ claims ──▶ publishing, meanwhile the next claim
 *      └───────────────────── batch not full ────────────────┘
 *
 * A claim that the broker did not confirm keeps its lease in Odoo and comes again when that expires. A claim
 * that it did confirm, and whose outcome is not recorded yet (`announcements.ts`), is announced to Odoo before
 * anything else is claimed, however long Odoo is away: otherwise its lease would expire and the delivery would
 * be sent twice.
 */
import { backoffMs } from "../domain/backoff.ts";
import type { Claim, Outcome } from "../domain/delivery.ts";
import type { BrokerPort } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import { type ClaimBatch, type OdooPort, OdooRefused, OdooUnavailable } from "../ports/odoo.ts";
import type { PipelineObserver } from "../ports/pipeline_observer.ts";
import { Announcements, announceAfterMs } from "./announcements.ts";
import type { WakeSignal } from "./wake_signal.ts";

/** Between looks at a broker that is away; its adapter reconnects by itself. */
const brokerWaitMs = 500;
/** Least time between two claims that gave little. */
const askAgainMs = 20;
/** After a call that took longer, nothing is left unannounced while the next one may take longer still. */
const slowCallMs = 5_000;
const noCredits: ReadonlyMap<number, number> = new Map();

export interface RelayParts {
  readonly odoo: OdooPort;
  readonly broker: BrokerPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly observer: PipelineObserver;
  readonly wake: WakeSignal;
  readonly worker: string;
  /** Most deliveries of one claim. */
  readonly claimLimit: number;
  /** Longest wait between claims while nothing is heard from Odoo. */
  readonly pollIntervalMs: number;
  /** Told after each claim; the list of endpoints may be outdated. */
  onEndpointRevision(revision: number): void;
  /** Endpoint → most to claim for it now; absent endpoints have no such limit. */
  readCredits?(): ReadonlyMap<number, number>;
  /** Told what Odoo's clock says. */
  onServerTime?(serverTime: string): void;
}

export class Relay {
  readonly #parts: RelayParts;
  readonly #announcements = new Announcements();
  /** The batch on its way to the broker; never rejects. */
  #publishing: Promise<void> = Promise.resolve();
  #failureCount = 0;
  #lastCallMs = 0;
  #isBrokerMissed = false;
  /** Shrinks when a claim fails: hundreds of large events may be more than Odoo can answer within the deadline. */
  #claimLimit: number;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#claimLimit = parts.claimLimit;
  }

  /** Runs until the signal aborts and the batch in hand is done. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await this.#step();
      if (waitMs > 0) await this.#parts.wake.wait(waitMs, signal);
    }
    await this.#publishing;
    await this.#announceOnce();
  }

  /** Odoo has recorded these outcomes: their claims need no announcement. */
  noteReported(outcomes: readonly Outcome[]): void {
    this.#announcements.forget(outcomes);
  }

  /** One claim and all that follows from it. Returns how long to wait before the next one. */
  async #step(): Promise<number> {
    const { odoo, observer, clock } = this.#parts;
    try {
      await this.#announceLate();
      if (!this.#isBrokerReady()) return brokerWaitMs;
      const limit = this.#claimLimit;
      // Until the answer is here.
      this.#claimLimit = Math.max(1, Math.floor(limit / 4));
      const claimedAt = clock.now();
      const credits = this.#parts.readCredits?.() ?? noCredits;
      const batch = await this.#time(odoo.claim(this.#parts.worker, limit, credits));
      this.#claimLimit = Math.min(this.#parts.claimLimit, limit * 2);
      observer.setOdooUp(true);
      this.#failureCount = 0;
      this.#parts.onEndpointRevision(batch.endpointRevision);
      this.#parts.onServerTime?.(batch.serverTime);
      // One batch at a time, so that claims do not run ahead of the broker.
      await this.#publishing;
      this.#publishing = this.#publish(batch.claims, claimedAt);
      return this.#chooseWaitMs(batch, limit);
    } catch (error) {
      if (!(error instanceof OdooUnavailable || error instanceof OdooRefused)) throw error;
      this.#failureCount += 1;
      observer.setOdooUp(false);
      const level = error instanceof OdooRefused ? "error" : "warn";
      this.#parts.log[level]("relay.odoo_away", { reason: error.message, failure_count: this.#failureCount });
      return backoffMs(this.#failureCount, clock.random());
    }
  }

  /** Leases taken while the broker is away would only run out. */
  #isBrokerReady(): boolean {
    const { broker, log } = this.#parts;
    if (broker.isConnected === !this.#isBrokerMissed) return broker.isConnected;
    this.#isBrokerMissed = !broker.isConnected;
    if (this.#isBrokerMissed) log.warn("relay.broker_away");
    else log.info("relay.broker_back");
    return broker.isConnected;
  }

  async #publish(claims: readonly Claim[], claimedAt: Date): Promise<void> {
    if (claims.length === 0) return;
    const { broker, log, observer } = this.#parts;
    const results = await Promise.allSettled(
      claims.map(async (claim) => {
        await broker.publishClaim(claim);
        this.#announcements.add(claim, claimedAt);
      }),
    );
    const confirmed = claims.filter((_, index) => results[index]?.status === "fulfilled");
    observer.countClaims(confirmed.length);
    if (confirmed.length === claims.length) return;
    const failure = results.find((result) => result.status === "rejected");
    log.warn("relay.publish_failed", {
      delivery_ids: claims.filter((claim) => !confirmed.includes(claim)).map((claim) => claim.deliveryId),
      reason: describeError(failure?.reason),
    });
  }

  /** Leases run while we wait for Odoo: announces what is due, or all of it when Odoo is slow. */
  async #announceLate(): Promise<void> {
    const isSlow = this.#lastCallMs > slowCallMs;
    if (isSlow) await this.#publishing;
    const { clock } = this.#parts;
    await this.#announceWhile(() =>
      isSlow ? this.#announcements.takeAny() : this.#announcements.takeDue(clock.now()),
    );
  }

  /** Notes how long a call takes, also one that fails. */
  async #time<T>(call: Promise<T>): Promise<T> {
    const startedAtMs = this.#parts.clock.now().getTime();
    try {
      return await call;
    } finally {
      this.#lastCallMs = this.#parts.clock.now().getTime() - startedAtMs;
    }
  }

  /** Announces batch after batch until `take` has none. */
  async #announceWhile(take: () => readonly Claim[]): Promise<void> {
    for (let claims = take(); claims.length > 0; claims = take()) {
      await this.#time(this.#parts.odoo.published(this.#parts.worker, claims));
      this.#announcements.forget(claims);
    }
  }

  async #announceOnce(): Promise<void> {
    try {
      await this.#announceWhile(() => this.#announcements.takeAny());
    } catch (error) {
      this.#parts.log.warn("relay.announce_failed", {
        delivery_ids: this.#announcements.takeAny().map((claim) => claim.deliveryId),
        reason: describeError(error),
      });
    }
  }

  /** Measured on Odoo's clock, since ours may differ. */
  #chooseWaitMs(batch: ClaimBatch, limit: number): number {
    if (batch.claims.length >= limit) return 0;
    const { clock, pollIntervalMs } = this.#parts;
    const untilAnnounceMs = this.#announcements.untilDueMs(clock.now()) ?? pollIntervalMs;
    const justClaimedMs = batch.claims.length > 0 ? announceAfterMs : pollIntervalMs;
    const longestMs = Math.min(pollIntervalMs, untilAnnounceMs, justClaimedMs);
    if (batch.nextDueAt === undefined) return longestMs;
    const untilDueMs = Date.parse(batch.nextDueAt) - Date.parse(batch.serverTime);
    // Odoo names only what becomes due after it looked. If that has come meanwhile, it is time to ask again:
    // a rate limit may have the next bunch ready before the answer is here.
    return Math.min(Math.max(untilDueMs, askAgainMs), longestMs);
  }
}
