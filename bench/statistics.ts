/** Middle value; the mean of the two middle ones when there is an even number. Throws for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined)
    throw new RangeError("expected at least one value, got none");
  return (lower + upper) / 2;
}

/**
 * Smallest value that at least the share `p` (0 to 1) of the values does not exceed (nearest rank), so the p99 of
 * 200 samples is the third largest. Throws for an empty list.
 */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(p * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError(`expected values and a share from 0 to 1, got ${p}`);
  return value;
}
