import { judgePhase, type PhaseResult } from "./phase.ts";

/**
 * Reads the log of an Odoo test run.
 *
 * Odoo says "0 failed" also when browser tests were skipped or nothing matched the tags, and ends well when
 * an error was only logged. All of that counts as failed here.
 */
export function judgeOdooLog(log: string, wantsBrowserTests: boolean): PhaseResult {
  const faults: string[] = [];
  const total = [
    ...log.matchAll(/: (\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database/g),
  ].at(-1);
  const [failed = 0, errors = 0, ran = 0] = (total?.slice(1) ?? []).map(Number);
  if (!total) faults.push("Odoo wrote no test result: it ended early");
  const skipped = log.split("\n").filter((line) => /^\S+ \S+ \d+ INFO .*\bskipped .* : /.test(line));
  faults.push(...skipped.map((line) => line.replace(/^.*? INFO \S+ /, "")));

  const browserRuns = [...log.matchAll(/\[HOOT\].*?Passed (\d+) tests/g)].map(([, count]) => Number(count));
  const browserTests = browserRuns.reduce((sum, count) => sum + count, 0);
  if (wantsBrowserTests && browserTests === 0) faults.push("no browser test (hoot) ran");

  const broken = log.split("\n").filter((line) => /^\S+ \S+ \d+ (ERROR|CRITICAL) /.test(line));
  faults.push(...broken.slice(0, 10).map((line) => line.replace(/^\S+ \S+ \d+ /, "")));
  // A test with subtests may fail several times.
  const bad = Math.min(failed + errors, ran);
  return judgePhase(
    "odoo",
    { passed: ran - bad - skipped.length + browserTests, failed: bad, skipped: skipped.length },
    faults,
  );
}
