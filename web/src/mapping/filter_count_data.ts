/** How many documents a filter lets through, as Odoo answers it. */
export interface FilterCount {
  readonly state: "counted" | "no_access" | "invalid" | "slow";
  readonly matching: number;
  readonly total: number;
  /** Counting ends here; a number above it means "more". */
  readonly limit: number;
  readonly days: number;
}

const states = ["counted", "no_access", "invalid", "slow"] as const;

/** Throws TypeError when the answer is not of that form. */
export function parseFilterCount(answer: unknown): FilterCount {
  if (typeof answer !== "object" || answer === null) throw new TypeError("expected an object");
  const { state, matching, total, limit, days } = answer as Record<string, unknown>;
  const known = states.find((name) => name === state);
  if (known === undefined) throw new TypeError("not a count of a filter");
  return {
    state: known,
    matching: Number(matching),
    total: Number(total),
    limit: Number(limit),
    days: Number(days),
  };
}
