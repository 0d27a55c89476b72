/** Reads single values out of an answer of Odoo. Each throws `IM_OVERVIEW_INVALID` for another type. */

export type Fields = Readonly<Record<string, unknown>>;

/** Odoo's `2026-11-20 08:31:54` and ISO 8601 are both UTC here; anything else is null. */
export function parseInstant(value: unknown): number | null {
  if (typeof value !== "string") {
    return null;
  }
  const iso = value.replace(" ", "T");
  const instantMs = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(instantMs) ? null : instantMs;
}

export function readFields(value: unknown, place: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`IM_OVERVIEW_INVALID: ${place} must be an object, got ${JSON.stringify(value)}`);
  }
  // An object that is no array can be read by key; every value is checked where it is read.
  return value as Fields;
}

export function readList(fields: Fields, key: string): unknown[] {
  const list = fields[key];
  if (!Array.isArray(list)) {
    throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a list, got ${JSON.stringify(list)}`);
  }
  return list;
}

export function readRows(fields: Fields, key: string): Fields[] {
  return readList(fields, key).map((row) => readFields(row, key));
}

/** Odoo says None, which is null here, for what there is no number for. */
export function readNumbers(fields: Fields, key: string): (number | null)[] {
  return readList(fields, key).map((value) => {
    if (value !== null && typeof value !== "number") {
      throw new Error(`IM_OVERVIEW_INVALID: ${key} must hold numbers, got ${JSON.stringify(value)}`);
    }
    return value;
  });
}

export function readCount(fields: Fields, key: string): number {
  const count = fields[key];
  if (typeof count !== "number" || !Number.isFinite(count)) {
    throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a number, got ${JSON.stringify(count)}`);
  }
  return count;
}

export function readText(fields: Fields, key: string): string {
  const text = fields[key];
  return typeof text === "string" ? text : "";
}
