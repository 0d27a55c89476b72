/** What monitoring wants to know of the way between Odoo and the broker. Must not throw. */
export interface PipelineObserver {
  /** Claims that the broker has confirmed. */
  countClaims(count: number): void;
  /** What Odoo made of reported outcomes. */
  countReports(result: "applied" | "stale" | "refused", count: number): void;
  /** Whether Odoo took the latest call. */
  setOdooUp(isUp: boolean): void;
}
