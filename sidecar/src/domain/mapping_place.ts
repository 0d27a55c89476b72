/** Where in an expression something is wrong, in the terms of people: line and column, both from 1. */

export interface MappingPlace {
  readonly line: number;
  readonly column: number;
  /** The same in characters from the start of the expression, from 0. */
  readonly offset: number;
  /** Characters that are wrong; at least 1, also at the end of the expression. */
  readonly length: number;
}

/**
 * JSONata tells where the token ends, or for a call where its bracket ends; people look for where it begins.
 * @param position as JSONata tells it
 */
export function locate(expression: string, position: number, token: unknown): MappingPlace {
  const end = Math.min(Math.max(position, 0), expression.length);
  if (token === "(end)") return placeAt(expression, expression.trimEnd().length, 1);
  const text = typeof token === "string" ? token : "";
  const start = text === "" ? -1 : expression.lastIndexOf(text, end);
  // Further away is another place that happens to read the same.
  if (start < 0 || end - (start + text.length) > 2) return placeAt(expression, Math.max(end - 1, 0), 1);
  const sign = expression[start - 1] === "$" ? 1 : 0;
  return placeAt(expression, start - sign, text.length + sign);
}

function placeAt(expression: string, offset: number, length: number): MappingPlace {
  const before = expression.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, offset, length };
}
