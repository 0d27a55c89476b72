import type { BenchWorld } from "./world/bench_world.ts";

/** One line of the printed table. Figures carry their unit. */
export interface Row {
  readonly measure: string;
  readonly figure: string;
  /** What the figure is to be compared with, measured in the same run; "–" when there is nothing to compare. */
  readonly reference: string;
  /** What is asked for; "–" for a row that only shows. */
  readonly bar: string;
  readonly verdict: Verdict;
}

/** explained: the bar is missed, but the figure is within a limit that docs/performance.md explains with numbers. */
export type Verdict = "met" | "explained" | "missed" | "shown";

/** One experiment. It starts what it needs of the world, and leaves nothing of its own running. */
export interface Measure {
  /** For `--only`; snake_case. */
  readonly name: string;
  readonly title: string;
  /** Several rounds inside, as many as `world.rounds` says; the figures are medians. */
  run(world: BenchWorld): Promise<readonly Row[]>;
}

export function judge(isMet: boolean, isWithinLimit = false): Verdict {
  if (isMet) return "met";
  return isWithinLimit ? "explained" : "missed";
}
