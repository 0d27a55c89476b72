/**
 * Says "alive" to Odoo, learns which other sidecars there are, and watches whether it is still the same environment
 * that may send.
 */
import { backoffMs } from "../domain/backoff.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import type { Handshake, OdooPort } from "../ports/odoo.ts";
import type { PipelineObserver } from "../ports/pipeline_observer.ts";
import type { WakeSignal } from "./wake_signal.ts";
import type { WorkerShares } from "./worker_shares.ts";

/** Odoo shows a worker as gone after 30 s; shares may be used for 15 s, so that one slow answer costs nothing. */
export const heartbeatIntervalMs = 5_000;
/** Between handshakes while the sidecars have not agreed on who they are, or Odoo was busy: half to one and a half. */
const settleIntervalMs = 300;

export interface HeartbeatParts {
  readonly odoo: OdooPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly observer: PipelineObserver;
  readonly worker: string;
  readonly version: string;
  readonly shares: WorkerShares;
  /** Ends a wait: another sidecar came or went. */
  readonly called: WakeSignal;
  /** Nothing more is under way than `shares` allow. */
  isWithinShares(): boolean;
  onHandshake(handshake: Handshake): void;
  /** Shares may have changed. */
  onShares(): void;
}

/** Beats at once and until the signal aborts. Work goes on when beats are missed, as long as shares are current. */
export async function keepHeartbeat(parts: HeartbeatParts, signal: AbortSignal): Promise<void> {
  const { clock, called, observer, log } = parts;
  for (let failureCount = 0; !signal.aborted; ) {
    try {
      const handshake = await beat(parts);
      failureCount = 0;
      observer.setOdooUp(true);
      if (signal.aborted) return;
      parts.onHandshake(handshake);
    } catch (error) {
      failureCount += 1;
      observer.setOdooUp(false);
      log.warn("heartbeat.missed", { reason: describeError(error) });
    }
    parts.onShares();
    await called.wait(chooseWaitMs(parts.shares, failureCount, clock.random()), signal);
  }
}

async function beat({ odoo, clock, shares, worker, version, isWithinShares }: HeartbeatParts) {
  const askedAt = clock.now();
  // What is said to be heard is given to others: first it must be free here.
  const handshake = await odoo.handshake(worker, version, isWithinShares() ? shares.roll : "");
  if (handshake.workers !== undefined) shares.note(handshake.workers, askedAt);
  return handshake;
}

function chooseWaitMs(shares: WorkerShares, failureCount: number, chance: number): number {
  if (failureCount > 0) return Math.min(backoffMs(failureCount, chance), heartbeatIntervalMs);
  const isQuiet = shares.isSettled && shares.isCurrent;
  return isQuiet ? heartbeatIntervalMs : settleIntervalMs * (0.5 + chance);
}
