/**
 * How many of an endpoint's slots one of several sidecars may use. The shares of all of them add up to exactly the
 * endpoint's concurrency, whatever their number; endpoints with fewer slots than there are sidecars are spread over
 * them by their id.
 */

/** Which of how many sidecars one is. */
export interface WorkerPlace {
  readonly count: number;
  /** From 0. */
  readonly index: number;
}

/** A place, and what it takes for it to count (`handshake` of Odoo's door). */
export interface WorkerStanding extends WorkerPlace {
  /** Names the sidecars this place is among. */
  readonly roll: string;
  /** All of them reckon with this roll. */
  readonly isSettled: boolean;
}

/** Whole and not negative; 0 when the slots of this endpoint are all with others. */
export function shareSlots(concurrency: number, endpointId: number, place: WorkerPlace): number {
  const turn = (place.index + endpointId) % place.count;
  return Math.floor(concurrency / place.count) + (turn < concurrency % place.count ? 1 : 0);
}
