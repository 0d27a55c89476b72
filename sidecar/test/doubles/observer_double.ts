import type { DispatchObserver } from "../../src/ports/observer.ts";

/** Keeps what dispatch told monitoring. */
export class ObserverDouble implements DispatchObserver {
  readonly attempts: Parameters<DispatchObserver["countAttempt"]>[0][] = [];
  readonly loads = new Map<number, { readonly inFlight: number; readonly waiting: number }>();
  unconfirmed = 0;
  isBlocked = false;

  countAttempt(attempt: Parameters<DispatchObserver["countAttempt"]>[0]): void {
    this.attempts.push(attempt);
  }

  setLoad(endpointId: number, inFlight: number, waiting: number): void {
    this.loads.set(endpointId, { inFlight, waiting });
  }

  setUnconfirmed(outcomes: number, isBlocked: boolean): void {
    this.unconfirmed = outcomes;
    this.isBlocked = isBlocked;
  }
}
