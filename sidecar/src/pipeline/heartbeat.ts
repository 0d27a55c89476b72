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
const heartbeatIntervalMs = 5_000;
/** Between handshakes while the sidecars have not agreed on who they are, or Odoo was busy: half to one and a half. */
const settleIntervalMs = 300;
/** A restart of the broker is shorter, and no reason to share anew. */
const absenceMs = 10_000;

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
  isBrokerConnected(): boolean;
  /** The broker is connected and endpoints are known. */
  canServe(): boolean;
  /** No request is under way. */
  isIdle(): boolean;
  /** Nothing more is under way than `shares` allow. */
  isWithinShares(): boolean;
  onHandshake(handshake: Handshake): void;
  /** Shares may have changed. */
  onShares(): void;
}

/** Beats at once and until the signal aborts. Work goes on when beats are missed, as long as shares are current. */
export async function keepHeartbeat(parts: HeartbeatParts, signal: AbortSignal): Promise<void> {
  const { observer, log } = parts;
  const presence = new Presence(parts);
  const broker = new BrokerSight(parts);
  for (let failureCount = 0; !signal.aborted; ) {
    let isBusy = false;
    try {
      const handshake = await beat(parts, presence.check(), broker.check());
      failureCount = 0;
      isBusy = presence.isHere && handshake.workers === undefined;
      observer.setOdooUp(true);
      if (signal.aborted) return;
      parts.onHandshake(handshake);
    } catch (error) {
      failureCount += 1;
      observer.setOdooUp(false);
      log.warn("heartbeat.missed", { reason: describeError(error) });
    }
    parts.onShares();
    await presence.waitFor(chooseWaitMs(parts, presence.isHere, isBusy, failureCount), signal);
  }
}

/**
 * Whether this sidecar takes part in sharing out slots. One that cannot send would keep its share from the others.
 *
 *   away ── can serve ──▶ here ── cannot for `absenceMs`, and nothing is under way ──▶ away
 */
class Presence {
  readonly #parts: HeartbeatParts;
  #isHere = false;
  #missedSinceMs: number | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  get isHere(): boolean {
    return this.#isHere;
  }

  check(): boolean {
    const { clock, log, shares, canServe, isIdle } = this.#parts;
    const nowMs = clock.now().getTime();
    if (canServe()) {
      this.#isHere = true;
      this.#missedSinceMs = undefined;
    } else if (this.#isHere) {
      this.#missedSinceMs ??= nowMs;
      if (Math.abs(nowMs - this.#missedSinceMs) >= absenceMs && isIdle()) {
        // First here, then in Odoo: nothing may start on what is about to be given away.
        this.#isHere = false;
        shares.leave();
        log.warn("shares.left");
      }
    }
    return this.#isHere;
  }

  /** Who is away looks often whether it can come back, without asking Odoo. */
  async waitFor(ms: number, signal: AbortSignal): Promise<void> {
    const { called, canServe } = this.#parts;
    if (this.#isHere) return called.wait(ms, signal);
    for (let leftMs = ms; leftMs > 0 && !signal.aborted && !canServe(); leftMs -= settleIntervalMs) {
      await called.wait(Math.min(leftMs, settleIntervalMs), signal);
    }
  }
}

/** What is told of the broker: nothing while it may only be a short gap, such as a restart of it or of us. */
class BrokerSight {
  readonly #parts: HeartbeatParts;
  #missedSinceMs: number | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  check(): boolean | undefined {
    const { clock, isBrokerConnected } = this.#parts;
    if (isBrokerConnected()) {
      this.#missedSinceMs = undefined;
      return true;
    }
    const nowMs = clock.now().getTime();
    this.#missedSinceMs ??= nowMs;
    return Math.abs(nowMs - this.#missedSinceMs) >= absenceMs ? false : undefined;
  }
}

async function beat(
  { odoo, clock, shares, worker, version, isWithinShares }: HeartbeatParts,
  isHere: boolean,
  isBrokerConnected: boolean | undefined,
) {
  const askedAt = clock.now();
  // What is said to be heard is given to others: first it must be free here.
  const heard = isWithinShares() ? shares.roll : "";
  const handshake = await odoo.handshake(worker, version, isHere ? heard : undefined, isBrokerConnected);
  if (handshake.workers !== undefined) shares.note(handshake.workers, askedAt);
  return handshake;
}

function chooseWaitMs(
  { shares, clock }: HeartbeatParts,
  isHere: boolean,
  isBusy: boolean,
  failureCount: number,
): number {
  const chance = clock.random();
  if (failureCount > 0) return Math.min(backoffMs(failureCount, chance), heartbeatIntervalMs);
  const isQuiet = !isHere || (!isBusy && shares.isSettled && shares.isCurrent);
  // Sidecars that met once at Odoo's gate would meet there every time.
  return isQuiet ? heartbeatIntervalMs * (0.9 + 0.2 * chance) : settleIntervalMs * (0.5 + chance);
}
