import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../command.ts";
import { checkoutDir } from "../paths.ts";
import { judgePhase, type PhaseResult } from "./phase.ts";

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  readonly errors: readonly { readonly message?: string }[];
}

const deadlineMs = 20 * 60_000;

/** The browser tests against the running stack that `stateFile` describes: all, or those of some files. */
export async function runE2ePhase(
  stateFile: string,
  reportDir: string,
  signal: AbortSignal,
  files: readonly string[] = [],
): Promise<PhaseResult> {
  const reportFile = join(reportDir, "playwright.json");
  const cli = join(checkoutDir, "node_modules/@playwright/test/cli.js");
  const args = [cli, "test", "-c", "e2e/playwright.config.ts", "--reporter=list,json", ...files];
  await runCommand(process.execPath, args, {
    cwd: checkoutDir,
    env: { ...process.env, E2E_STATE: stateFile, PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile, FORCE_COLOR: "0" },
    onLine: (line) => console.log(`  ${line}`),
    deadlineMs,
    signal,
  });
  if (!existsSync(reportFile)) {
    return judgePhase("e2e", { passed: 0, failed: 1, skipped: 0 }, ["Playwright wrote no report"]);
  }
  return judgePlaywrightReport(JSON.parse(readFileSync(reportFile, "utf8")) as PlaywrightReport);
}

export function judgePlaywrightReport({ stats, errors }: PlaywrightReport): PhaseResult {
  const faults = errors.map(({ message }) => (message ?? "Playwright failed").split("\n")[0] ?? "");
  const failed = stats.unexpected + stats.flaky;
  return judgePhase("e2e", { passed: stats.expected, failed, skipped: stats.skipped }, faults);
}
