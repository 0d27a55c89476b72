/** Why a mapping could not be applied, in the words of people who write mappings. */
import { locate, type MappingPlace } from "./mapping_place.ts";

/** Limits of one run. A mapping of a large document needs a hundredth of them. */
export const mappingLimits = {
  runMs: 1000,
  depth: 500,
  items: 100_000,
  /** As much as an event may have. */
  bytes: 5 * 1024 * 1024,
  expressionChars: 20_000,
} as const;

/**
 * expression: it can never work. event: not with this event. limit: it ran into a limit of time, depth or size, and may
 * cost as much again.
 */
export type MappingCause = "expression" | "event" | "limit";

export interface MappingRefusal {
  readonly kind: "refused";
  /** Why, without full stop, for people who write mappings. */
  readonly reason: string;
  readonly place?: MappingPlace;
  readonly cause: MappingCause;
}

export interface FaultOptions {
  /** Whether reasons may quote values of the event. Not where they end up on other people's screens. */
  readonly quotesValues: boolean;
}

/** Thrown by our own checks. */
export class MappingRefused extends Error {
  readonly refusalCause: MappingCause;
  readonly place: MappingPlace | undefined;

  constructor(cause: MappingCause, reason: string, place?: MappingPlace) {
    super(reason);
    this.refusalCause = cause;
    this.place = place;
  }
}

export function describeFault(error: unknown, expression: string, options: FaultOptions): MappingRefusal {
  if (error instanceof MappingRefused) return refuse(error.refusalCause, error.message, error.place);
  // JSONata throws objects of its own, and lets errors of the language through.
  const fault = error as Readonly<Record<string, unknown>>;
  const place =
    typeof fault.position === "number" ? locate(expression, fault.position, fault.token) : undefined;
  const limitReason = limitReasons.get(String(fault.code));
  if (limitReason !== undefined) return refuse("limit", limitReason, place);
  // The codes of what the parser finds begin with S.
  const isUnreadable = String(fault.code).startsWith("S");
  return refuse(isUnreadable ? "expression" : "event", readReason(fault, options), place);
}

const limitReasons: ReadonlyMap<string, string> = new Map([
  ["D1011", "it calls itself too often; check where a function ends"],
  ["D1012", `it ran longer than ${mappingLimits.runMs / 1000} s; check where a function ends`],
  ["D2015", `it makes a list of more than ${mappingLimits.items} items`],
]);

function readReason(fault: Readonly<Record<string, unknown>>, { quotesValues }: FaultOptions): string {
  let reason = String(fault.message ?? "it cannot be evaluated").replace(/[.\s]+$/, "");
  for (const value of quotesValues ? [] : [fault.value, fault.value2, fault.exp]) {
    if (value !== undefined && fault.code !== undefined && !String(fault.code).startsWith("S")) {
      reason = reason.replaceAll(JSON.stringify(value) ?? "", "…");
    }
  }
  return reason;
}

function refuse(cause: MappingCause, reason: string, place: MappingPlace | undefined): MappingRefusal {
  return { kind: "refused", cause, reason, ...(place === undefined ? {} : { place }) };
}

/** "line 3, column 14: Unknown operator: ~", for where no expression is at hand. */
export function phraseRefusal({ reason, place }: Pick<MappingRefusal, "reason" | "place">): string {
  return place === undefined ? reason : `line ${place.line}, column ${place.column}: ${reason}`;
}
