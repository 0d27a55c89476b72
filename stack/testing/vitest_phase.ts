import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../command.ts";
import { checkoutDir } from "../paths.ts";
import { judgePhase, type PhaseResult } from "./phase.ts";

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

/** All vitest suites. `coordinates` say where the real servers are. */
export async function runVitestPhase(
  coordinates: Readonly<Record<string, string>>,
  reportDir: string,
  signal: AbortSignal,
): Promise<PhaseResult> {
  const reportFile = join(reportDir, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const vitest = join(checkoutDir, "node_modules/vitest/vitest.mjs");
  await runCommand(process.execPath, [vitest, "run", ...reporters], {
    cwd: checkoutDir,
    env: { ...process.env, ...coordinates, NO_COLOR: "1" },
    onLine: (line) => console.log(`  ${line}`),
    signal,
  });
  if (!existsSync(reportFile)) {
    return judgePhase("vitest", { passed: 0, failed: 1, skipped: 0 }, ["vitest wrote no report"]);
  }
  return judgeVitestReport(JSON.parse(readFileSync(reportFile, "utf8")) as VitestReport);
}

export function judgeVitestReport(report: VitestReport): PhaseResult {
  // A file that cannot be loaded has no tests, so none that failed.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return judgePhase(
    "vitest",
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    broken.map(({ name, message }) => `${name} could not be run: ${message.split("\n")[0]}`),
  );
}
