/**
 * The requests that one process may have under way, over all endpoints and databases: bounds sockets and memory.
 *
 * Fair: while there is no room, endpoints wait, and who has the fewest requests under way goes first, the longest
 * waiting among equals. So many hanging endpoints cannot take a healthy one's only slot.
 */

export interface BudgetUser {
  readonly inFlightCount: number;
}

export class RequestBudget {
  readonly #max: number;
  readonly #waiting = new Map<BudgetUser, () => void>();
  #turn: BudgetUser | undefined;
  #inFlight = 0;
  #isServing = false;

  /** @param max from 1 */
  constructor(max: number) {
    this.#max = max;
  }

  get inFlightCount(): number {
    return this.#inFlight;
  }

  /**
   * True when one more request may start; call `release` after it. Otherwise `onRoom` is called once when it is this
   * user's turn; it may start one and has to ask again for each.
   */
  take(user: BudgetUser, onRoom: () => void): boolean {
    const isNext = this.#waiting.size === 0 || this.#turn === user;
    if (this.#inFlight < this.#max && isNext) {
      this.#turn = undefined;
      this.#inFlight += 1;
      return true;
    }
    this.#waiting.set(user, onRoom);
    return false;
  }

  release(): void {
    this.#inFlight -= 1;
    // Whose turn it is may take and release at once, without end when much of its work is outdated: the loop that gave
    // the turn goes on with what became free, instead of one within the other.
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      this.#giveTurns();
    } finally {
      this.#isServing = false;
    }
  }

  #giveTurns(): void {
    while (this.#inFlight < this.#max) {
      const next = this.#pickNext();
      if (!next) return;
      const onRoom = this.#waiting.get(next);
      this.#waiting.delete(next);
      this.#turn = next;
      onRoom?.();
      this.#turn = undefined;
    }
  }

  /** At most as many steps as there are slots: further users have nothing under way, and the first such is taken. */
  #pickNext(): BudgetUser | undefined {
    let next: BudgetUser | undefined;
    for (const user of this.#waiting.keys()) {
      if (next === undefined || user.inFlightCount < next.inFlightCount) next = user;
      if (next.inFlightCount === 0) break;
    }
    return next;
  }
}
