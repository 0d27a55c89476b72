/**
 * Recognises copies of a message: sending those again would be a needless duplicate. After a lost connection the
 * broker hands out again what was not acknowledged, although the try is still under way here or already confirmed.
 * Odoo gives an attempt again whose lease ran out, or that a person cancelled and retried while it was on the road.
 */
import type { Claim } from "../domain/delivery.ts";
import type { Received } from "../ports/broker.ts";

/** One delivery attempt in our hands. */
export interface Work {
  readonly claim: Claim;
  /** The newest copy: it is acknowledged, and says until when the attempt may be sent. */
  message: Received<Claim>;
}

export type Admission =
  | { readonly kind: "new"; readonly work: Work }
  /** Already waiting or under way: the copy takes the place of the message that was lost. */
  | { readonly kind: "merged" }
  /** Its outcome is confirmed and stands. */
  | { readonly kind: "done" };

/**
 * Long enough for a broker connection to come back; short enough that Odoo, should it hand out the same attempt
 * again because the report failed, is not ignored.
 */
const rememberedMs = 60_000;
/** At least this many of the latest, and at most twice as many. */
const rememberedMin = 5_000;

/**
 * Bodies that one endpoint may have in our hands before nothing more is claimed for it. Windows count deliveries: 50 of
 * a few MB each, for a dozen endpoints, would be more memory than we should take.
 */
const heldCharactersMax = 8_000_000;

/** What became of an attempt, and when its outcome was confirmed. */
interface Done {
  readonly atMs: number;
  readonly isDelivered: boolean;
  /** Of the copy that it was. */
  readonly sendBefore: string | undefined;
}

export class AttemptLedger {
  readonly #open = new Map<string, Work>();
  /** By endpoint; those without any are absent. */
  readonly #heldCharacters = new Map<number, number>();
  /**
   * Attempts with a confirmed outcome. Two generations, the older dropped whole: a Map that loses its oldest entry for
   * each new one walks over the places of all it has lost before it finds the next oldest.
   */
  #done = new Map<string, Done>();
  #doneBefore = new Map<string, Done>();

  admit(message: Received<Claim>, now: Date): Admission {
    const claim = message.value;
    const key = keyOf(claim);
    const open = this.#open.get(key);
    if (open) {
      // Two live copies: the newer one is enough, whichever comes first.
      if (open.message.isOurs && isLater(open.message.value.sendBefore, claim.sendBefore)) {
        message.ack();
        return { kind: "merged" };
      }
      // Without effect on one that was lost.
      open.message.ack();
      open.message = message;
      return { kind: "merged" };
    }
    const done = this.#done.get(key) ?? this.#doneBefore.get(key);
    const isRemembered = done !== undefined && now.getTime() - done.atMs < rememberedMs;
    // A fresh message for an attempt that did not deliver is Odoo's wish to have it tried again: the endpoint was
    // resumed, or a person retried after a cancellation. It may come to us by way of another worker.
    const isOldCopy =
      done !== undefined && message.isRedelivered && !isLater(claim.sendBefore, done.sendBefore);
    if (isRemembered && (done.isDelivered || isOldCopy)) {
      return { kind: "done" };
    }
    const work: Work = { claim, message };
    this.#open.set(key, work);
    this.#countHeld(claim, claim.body.length);
    return { kind: "new", work };
  }

  /** Nothing more for endpoints whose bodies fill their share of our memory. */
  readCredits(): ReadonlyMap<number, number> {
    const full = [...this.#heldCharacters].filter(([, held]) => held >= heldCharactersMax);
    return new Map(full.map(([endpointId]) => [endpointId, 0]));
  }

  /** The outcome is confirmed. */
  complete(work: Work, isDelivered: boolean, now: Date): void {
    const key = keyOf(work.claim);
    this.forget(work);
    this.#done.set(key, { atMs: now.getTime(), isDelivered, sendBefore: work.message.value.sendBefore });
    if (this.#done.size < rememberedMin) return;
    this.#doneBefore = this.#done;
    this.#done = new Map();
  }

  /** The work was given up without an outcome: a new copy starts afresh. */
  forget(work: Work): void {
    if (this.#open.delete(keyOf(work.claim))) this.#countHeld(work.claim, -work.claim.body.length);
  }

  #countHeld({ endpointId }: Claim, change: number): void {
    const held = (this.#heldCharacters.get(endpointId) ?? 0) + change;
    if (held > 0) this.#heldCharacters.set(endpointId, held);
    else this.#heldCharacters.delete(endpointId);
  }
}

/** Of two copies' instants: Odoo gave the one out after the other. False also when one does not say. */
function isLater(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && Date.parse(one) > Date.parse(other);
}

function keyOf(claim: Claim): string {
  return `${claim.deliveryId}:${claim.attemptNumber}`;
}
