import type { FailureClass, Lane } from "../domain/delivery.ts";

/** What monitoring wants to know of dispatch. Labels are bounded: ids of endpoints, closed lists. Must not throw. */
export interface DispatchObserver {
  /** A try has ended, whatever its result. */
  countAttempt(attempt: {
    readonly endpointId: number;
    readonly lane: Lane;
    readonly result: "delivered" | "retry" | "failed";
    readonly failureClass: FailureClass | undefined;
    /** Connect to end of answer. */
    readonly durationMs: number;
    /** From the recording of the event in Odoo to the end of this try. */
    readonly lagMs: number;
  }): void;
  /** Requests under way to the endpoint, and messages waiting for one of its slots. */
  setLoad(endpointId: number, inFlight: number, waiting: number): void;
  /** Outcomes that the broker has not confirmed yet, and whether sending waits for it. */
  setUnconfirmed(outcomes: number, isBlocked: boolean): void;
}
