/**
 * Brings outcomes from the reports queue into Odoo, in batches. A report is acknowledged only after Odoo took it.
 *
 *   collecting ── 200 outcomes, or 20 ms after the first ──▶ writing ── taken ──▶ acknowledged, collecting
 *                                                              └─ Odoo away ──▶ closed ── Odoo answers ──▶ collecting
 *
 * A batch that fails twice although Odoo answered in between holds an outcome that Odoo cannot take: its outcomes are
 * then written one by one.
 *
 * While Odoo is away the queue is not consumed at all: every return of a message counts against its delivery
 * limit, so an outage may cost one return, not one per try.
 */
import { backoffMs } from "../domain/backoff.ts";
import type { Outcome } from "../domain/delivery.ts";
import type { BrokerPort, Received } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import { type OdooPort, OdooRefused, OdooUnavailable, type ReportResult } from "../ports/odoo.ts";
import type { PipelineObserver } from "../ports/pipeline_observer.ts";
import { writeOneByOne } from "./report_one_by_one.ts";
import { WakeSignal } from "./wake_signal.ts";

const prefetch = 500;
/** Odoo takes 1,000; a message may hold 50, so the batch may exceed this by 49. */
const batchOutcomes = 400;
const batchWaitMs = 20;
/** Longest wait for a message; only a bound, since arrival ends the wait. */
const idleWaitMs = 60_000;

export interface ReportParts {
  readonly odoo: OdooPort;
  readonly broker: BrokerPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly observer: PipelineObserver;
  /** Odoo has recorded these, now or before: what waits for them may go on. */
  onReported(outcomes: readonly Outcome[]): void;
  /** Windows are freer, or followers of the same record are due. */
  onMoreDue(): void;
}

export class ReportWriter {
  readonly #parts: ReportParts;
  readonly #arrived: WakeSignal;
  readonly #isBatchFull: WakeSignal;
  #waiting: Received<readonly Outcome[]>[] = [];
  /** Batches that failed since the last one that did not. */
  #failureCount = 0;
  /** Messages to write outcome by outcome before batches are trusted again. */
  #suspectCount = 0;

  constructor(parts: ReportParts) {
    this.#parts = parts;
    this.#arrived = new WakeSignal(parts.clock);
    this.#isBatchFull = new WakeSignal(parts.clock);
  }

  /** Runs until the signal aborts; what is not written by then stays on the queue. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#parts.broker.consumeReports(prefetch, (message) => this.#take(message));
      await this.#writeWhilePossible(signal);
      await this.#parts.broker.cancelReports();
      this.#waiting = [];
      if (!signal.aborted) await this.#waitForOdoo(signal);
    }
  }

  #take(message: Received<readonly Outcome[]>): void {
    this.#waiting.push(message);
    this.#arrived.notify();
    if (this.#countWaiting() >= batchOutcomes) this.#isBatchFull.notify();
  }

  #countWaiting(): number {
    return this.#waiting.reduce((count, message) => count + message.value.length, 0);
  }

  /** Returns when Odoo does not take reports, or the signal aborts. */
  async #writeWhilePossible(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#waiting.length === 0) {
        await this.#arrived.wait(idleWaitMs, signal);
      } else {
        if (this.#countWaiting() < batchOutcomes) await this.#isBatchFull.wait(batchWaitMs, signal);
        if (!(await this.#writeBatch())) return;
      }
    }
  }

  /** False when Odoo did not take it. */
  async #writeBatch(): Promise<boolean> {
    const isSuspect = this.#suspectCount > 0;
    const messages = isSuspect ? this.#waiting.splice(0, 1) : this.#cutBatch();
    const outcomes = messages.flatMap((message) => message.value);
    const { odoo, log } = this.#parts;
    const onResult = (result: ReportResult) => this.#tellResult(result, outcomes);
    try {
      if (isSuspect) await writeOneByOne(outcomes, { odoo, log, onResult });
      else onResult(await odoo.report(outcomes));
      for (const message of messages) message.ack();
      this.#failureCount = 0;
      this.#suspectCount = Math.max(0, this.#suspectCount - 1);
      return true;
    } catch (error) {
      this.#failureCount += 1;
      if (this.#failureCount > 1) this.#suspectCount = messages.length;
      this.#noteFailure(error);
      return false;
    }
  }

  #cutBatch(): readonly Received<readonly Outcome[]>[] {
    let outcomeCount = 0;
    const end = this.#waiting.findIndex((message) => {
      outcomeCount += message.value.length;
      return outcomeCount >= batchOutcomes;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end + 1);
  }

  #tellResult(result: ReportResult, outcomes: readonly Outcome[]): void {
    const { log, observer, onReported, onMoreDue } = this.#parts;
    observer.setOdooUp(true);
    observer.countReports("applied", result.applied.length);
    observer.countReports("stale", result.stale.length);
    observer.countReports("refused", result.refused.length);
    for (const { deliveryId, error } of result.refused) {
      // Odoo keeps the delivery queued and gives it out again after its queue timeout.
      log.error("report.refused", { delivery_id: deliveryId, reason: error });
    }
    const known = new Set([...result.applied, ...result.stale]);
    onReported(outcomes.filter((outcome) => known.has(outcome.deliveryId)));
    if (result.isMoreDue) onMoreDue();
  }

  /** An empty report asks the very door that is needed, and changes nothing. */
  async #waitForOdoo(signal: AbortSignal): Promise<void> {
    const { odoo, clock, log } = this.#parts;
    for (let failureCount = 1; !signal.aborted; failureCount += 1) {
      await clock.sleep(backoffMs(failureCount, clock.random()), signal);
      if (signal.aborted) return;
      try {
        await odoo.report([]);
        log.info("report.odoo_back");
        return;
      } catch (error) {
        this.#noteFailure(error);
      }
    }
  }

  #noteFailure(error: unknown): void {
    if (!(error instanceof OdooUnavailable || error instanceof OdooRefused)) throw error;
    this.#parts.observer.setOdooUp(false);
    const level = error instanceof OdooRefused ? "error" : "warn";
    this.#parts.log[level]("report.odoo_away", { reason: describeError(error) });
  }
}
