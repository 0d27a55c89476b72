/**
 * Recognises copies of a message. After a lost connection the broker hands out again what was not acknowledged,
 * although the try is still under way here or already confirmed. Sending those again would be a needless duplicate.
 */
import type { Claim } from "../domain/delivery.ts";
import type { Received } from "../ports/broker.ts";

/** One delivery attempt in our hands. */
export interface Work {
  readonly claim: Claim;
  /** The newest copy: only it can still be acknowledged. */
  message: Received<Claim>;
}

export type Admission =
  | { readonly kind: "new"; readonly work: Work }
  /** Already waiting or under way: the copy takes the place of the message that was lost. */
  | { readonly kind: "merged" }
  /** Its outcome is confirmed, only the acknowledgement was lost. */
  | { readonly kind: "done" };

/**
 * Long enough for a broker connection to come back; short enough that Odoo, should it hand out the same attempt
 * again because the report failed, is not ignored.
 */
const rememberedMs = 60_000;
const rememberedMax = 5_000;

export class AttemptLedger {
  readonly #open = new Map<string, Work>();
  /** Attempt → when its outcome was confirmed, in order of that time. */
  readonly #done = new Map<string, number>();

  admit(message: Received<Claim>, now: Date): Admission {
    const claim = message.value;
    const key = keyOf(claim);
    const open = this.#open.get(key);
    if (open) {
      open.message = message;
      return { kind: "merged" };
    }
    const doneAtMs = this.#done.get(key);
    if (doneAtMs !== undefined && now.getTime() - doneAtMs < rememberedMs) {
      return { kind: "done" };
    }
    const work: Work = { claim, message };
    this.#open.set(key, work);
    return { kind: "new", work };
  }

  /** The outcome is confirmed. */
  complete(work: Work, now: Date): void {
    const key = keyOf(work.claim);
    this.#open.delete(key);
    this.#done.delete(key);
    this.#done.set(key, now.getTime());
    for (const oldest of this.#done.keys()) {
      if (this.#done.size <= rememberedMax) {
        break;
      }
      this.#done.delete(oldest);
    }
  }

  /** The work was given up without an outcome: a new copy starts afresh. */
  forget(work: Work): void {
    this.#open.delete(keyOf(work.claim));
  }
}

function keyOf(claim: Claim): string {
  return `${claim.deliveryId}:${claim.attemptNumber}`;
}
