import { join } from "node:path";
import { runCommand } from "../command.ts";
import { findPythonFaults } from "../lint_python.ts";
import { checkoutDir, findProgram } from "../paths.ts";
import { runStep } from "../progress.ts";
import { judgePhase, type PhaseResult } from "./phase.ts";

interface Check {
  readonly title: string;
  /** What is wrong; empty when nothing is. */
  readonly findFaults: (signal: AbortSignal) => Promise<string>;
}

/** Everything that can be judged without running the product. */
export async function runLintPhase(signal: AbortSignal): Promise<PhaseResult> {
  const bin = (name: string) => join(checkoutDir, "node_modules/.bin", name);
  const checks: Check[] = [
    {
      title: "format and lint (Biome)",
      findFaults: program(bin("biome"), ["ci", "--colors=off", "--error-on-warnings", "."]),
    },
    { title: "types (tsc)", findFaults: program(bin("tsc"), ["-b"]) },
    { title: "Python (ruff)", findFaults: async () => (await findPythonFaults(false)).join("\n") },
    {
      title: "built JavaScript is current",
      findFaults: program(process.execPath, ["web/build.ts", "--check"]),
    },
  ];
  if (await hasCompose(signal)) {
    checks.push({
      title: "docker compose config",
      findFaults: program("docker", ["compose", "config", "-q"]),
    });
  }
  const faults: string[] = [];
  for (const { title, findFaults } of checks) {
    signal.throwIfAborted();
    try {
      await runStep(title, async () => {
        const found = await findFaults(signal);
        if (found) throw new Error(found);
      });
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      faults.push(title);
    }
  }
  return judgePhase(
    "lint",
    { passed: checks.length - faults.length, failed: faults.length, skipped: 0 },
    faults,
  );
}

function program(path: string, args: readonly string[]): Check["findFaults"] {
  return async (signal) => {
    const run = await runCommand(path, args, {
      cwd: checkoutDir,
      env: { ...process.env, NO_COLOR: "1" },
      signal,
    });
    return run.exitCode === 0 ? "" : run.stdout + run.stderr || `exit code ${run.exitCode}`;
  };
}

/** The client plugin is enough; no engine is needed to read a file. */
async function hasCompose(signal: AbortSignal): Promise<boolean> {
  if (!findProgram("docker")) return false;
  return (await runCommand("docker", ["compose", "version"], { signal })).exitCode === 0;
}
