/**
 * What the broker has and Odoo has not been told of.
 *
 * Telling costs Odoo one change of each delivery, and an endpoint that answers promptly makes it needless: its outcome
 * is recorded a moment later. So a claim is announced only when no outcome of it was recorded for a while, far sooner
 * than its lease runs out.
 */
import type { Claim, Outcome } from "../domain/delivery.ts";

/** A delivery that takes longer shows as in transit in Odoo; its lease is a minute. */
export const announceAfterMs = 1000;
/** Odoo takes no more at once. */
const batchMax = 1000;

interface Unannounced {
  readonly claim: Claim;
  readonly claimedAtMs: number;
}

export class Announcements {
  /** About in the order of their claims; a little late is early enough. */
  readonly #waiting = new Map<string, Unannounced>();

  /** The broker has confirmed this one. @param claimedAt before Odoo was asked, so its lease is younger */
  add(claim: Claim, claimedAt: Date): void {
    this.#waiting.set(keyOf(claim), { claim, claimedAtMs: claimedAt.getTime() });
  }

  /** Odoo knows of these claims: it was told, or it has their outcomes. */
  forget(known: readonly (Claim | Outcome)[]): void {
    for (const entry of known) this.#waiting.delete(keyOf(entry));
  }

  /** One batch of those that have waited long enough. */
  takeDue(now: Date): readonly Claim[] {
    return this.#cut((entry) => untilDueMs(entry, now) === 0);
  }

  /** One batch, however short they have waited. */
  takeAny(): readonly Claim[] {
    return this.#cut(() => true);
  }

  /** How long until something is due; undefined when nothing waits. */
  untilDueMs(now: Date): number | undefined {
    const [oldest] = this.#waiting.values();
    return oldest && untilDueMs(oldest, now);
  }

  #cut(isWanted: (entry: Unannounced) => boolean): readonly Claim[] {
    const batch: Claim[] = [];
    for (const entry of this.#waiting.values()) {
      if (batch.length >= batchMax || !isWanted(entry)) break;
      batch.push(entry.claim);
    }
    return batch;
  }
}

/** 0 also when the clock was set back: nobody knows then how long it has waited. */
function untilDueMs({ claimedAtMs }: Unannounced, now: Date): number {
  const ageMs = now.getTime() - claimedAtMs;
  return ageMs < 0 ? 0 : Math.max(0, announceAfterMs - ageMs);
}

function keyOf({ deliveryId, attemptNumber }: Claim | Outcome): string {
  return `${deliveryId}:${attemptNumber}`;
}
