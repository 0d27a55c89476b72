/** Reads what Odoo answers, value by value: checked at this edge and trusted inside. */

export type Fields = Readonly<Record<string, unknown>>;

/** @throws Error `IM_ANSWER_INVALID` */
export function readFields(value: unknown, place: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(place, "an object", value);
  }
  // An object that is no array can be read by key; every value is checked where it is read.
  return value as Fields;
}

/** @throws Error `IM_ANSWER_INVALID` */
export function readRows(fields: Fields, key: string): Fields[] {
  const rows = fields[key];
  if (!Array.isArray(rows)) {
    throw refuse(key, "a list", rows);
  }
  return rows.map((row) => readFields(row, key));
}

/** @throws Error `IM_ANSWER_INVALID` */
export function readNumber(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw refuse(key, "a number", value);
  }
  return value;
}

/** @throws Error `IM_ANSWER_INVALID` */
export function readNumbers(fields: Fields, key: string): readonly number[] {
  const value = fields[key];
  if (!Array.isArray(value) || value.some((item) => typeof item !== "number")) {
    throw refuse(key, "a list of numbers", value);
  }
  return value;
}

/** Empty where Odoo says False, which stands for absent. */
export function readText(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === "string" ? value : "";
}

function refuse(place: string, expected: string, value: unknown): Error {
  return new Error(`IM_ANSWER_INVALID: ${place} must be ${expected}, got ${JSON.stringify(value)}`);
}
