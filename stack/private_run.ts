import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeFailure, watchLifetime } from "./lifetime.ts";
import { checkoutDir } from "./paths.ts";
import { tell } from "./progress.ts";
import { Supervisor } from "./supervisor.ts";

export interface PrivateRun {
  /** Temporary folder that goes with the run. */
  readonly dir: string;
  readonly supervisor: Supervisor;
  /** Messages about services that ended by themselves; grows while the run goes on. */
  readonly crashes: readonly string[];
  /** Aborted when a person or the system asks the run to end. */
  readonly signal: AbortSignal;
}

/**
 * Gives `work` a temporary folder and a supervisor, and clears both away however it ends. `work` says whether all is
 * well; when it is not, or it throws, the logs of the services stay in `.cache/<name>_logs`.
 *
 * Returns the exit code for the process.
 */
export async function runPrivately(
  name: string,
  isKeeping: boolean,
  work: (run: PrivateRun) => Promise<boolean>,
): Promise<0 | 1> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), `integration-monitor-${name}-`)));
  const crashes: string[] = [];
  const supervisor = new Supervisor(dir, (message) => {
    crashes.push(message);
    console.error(`\n${message}\n`);
  });
  const { signal } = watchLifetime(() => supervisor.killAll());
  let isGood = false;
  try {
    isGood = await work({ dir, supervisor, crashes, signal });
  } catch (error) {
    console.error(describeFailure(error));
  }
  await supervisor.stopAll();
  if (!isGood) saveLogs(dir, join(checkoutDir, `.cache/${name}_logs`));
  if (isKeeping) tell(`\nKept: ${dir}`);
  else rmSync(dir, { recursive: true, force: true });
  return isGood && !signal.aborted ? 0 : 1;
}

function saveLogs(dir: string, saved: string): void {
  rmSync(saved, { recursive: true, force: true });
  mkdirSync(join(dir, "logs"), { recursive: true });
  mkdirSync(saved, { recursive: true });
  cpSync(join(dir, "logs"), saved, { recursive: true });
  tell(`\nLogs of the services: ${saved}`);
}
