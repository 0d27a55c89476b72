/** The field `integration_cases` of a document: what a person is needed for, one case per failed delivery. */

export interface DocumentCase {
  readonly deliveryId: number;
  /** Which system, and what it answered. */
  readonly summary: string;
  /** What to do, and why. */
  readonly advice: string;
  /** Whether it was refused for what it says, so that the same content would be refused again. */
  readonly isRefused: boolean;
  readonly canAct: boolean;
  /** Whom to ask when the reader may not act; empty when nobody in particular. */
  readonly askWhom: string;
}

/** A document that was never saved, or a list without the field, has no value: then there are no cases. */
export function parseCases(value: unknown): readonly DocumentCase[] {
  return Array.isArray(value) ? value.map(toCase) : [];
}

function toCase(row: Readonly<Record<string, unknown>>): DocumentCase {
  return {
    deliveryId: Number(row.delivery_id),
    summary: String(row.summary || ""),
    advice: String(row.advice || ""),
    isRefused: row.kind === "refused",
    canAct: row.can_act === true,
    askWhom: String(row.ask_whom || ""),
  };
}
