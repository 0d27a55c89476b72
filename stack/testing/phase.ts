/** What one phase of `npm test` found. */
export interface PhaseResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** What went wrong, for the summary at the end; empty when nothing did. */
  readonly faults: readonly string[];
}

/** A count of zero or a skipped test reads like success and is none: both are failures here. */
export function judgePhase(
  name: string,
  counts: { readonly passed: number; readonly failed: number; readonly skipped: number },
  faults: readonly string[] = [],
): PhaseResult {
  const found = [...faults];
  if (counts.skipped > 0) found.push(`${counts.skipped} skipped: nothing may be skipped`);
  if (counts.passed + counts.failed + counts.skipped === 0) found.push("no test ran");
  const extra = found.length > 0 && counts.failed === 0 ? Math.max(1, counts.skipped) : counts.skipped;
  return { name, passed: counts.passed, failed: counts.failed + extra, faults: found };
}

export function summarise(results: readonly PhaseResult[]): string {
  const faults = results.flatMap(({ name, faults: list }) => list.map((fault) => `  ${name}: ${fault}`));
  const rows = results.map(
    ({ name, passed, failed }) => `  ${name.padEnd(8)} ${passed} passed, ${failed} failed`,
  );
  const sum = (pick: (result: PhaseResult) => number) => results.reduce((total, one) => total + pick(one), 0);
  const total = `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`;
  return ["", ...faults, ...(faults.length > 0 ? [""] : []), ...rows, "", total].join("\n");
}
