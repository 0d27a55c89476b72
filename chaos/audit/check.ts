/** One promise, judged. */
export interface Check {
  readonly promise: string;
  /** How many things were looked at. None at all is a breach too: it would prove nothing. */
  readonly looked: number;
  readonly breaches: readonly Breach[];
  /** What the number of breaches does not say. */
  readonly note?: string;
}

export interface Breach {
  readonly text: string;
  /** Whose timeline explains it. */
  readonly deliveryId?: number;
}

export function judge(promise: string, looked: number, breaches: readonly Breach[], note = ""): Check {
  const found = looked === 0 ? [...breaches, { text: "nothing was there to look at" }] : breaches;
  return { promise, looked, breaches: found, note };
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** What is in `left` more often than in `right`, each as often as it is too many. */
export function subtract(left: readonly string[], right: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const key of right) counts.set(key, (counts.get(key) ?? 0) + 1);
  return left.filter((key) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count <= 0;
  });
}
