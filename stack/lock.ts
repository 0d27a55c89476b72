import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { messageOf, SetupFailure } from "./failure.ts";
import { endStackProcesses } from "./leftovers.ts";
import type { StackPaths } from "./paths.ts";
import { tell } from "./progress.ts";

/**
 * Makes this process the only one that runs the stack in a folder.
 *
 * A stack that was killed without a chance to clean up leaves processes behind; they are ended first.
 * Throws SetupFailure when the stack runs already.
 */
export async function takeLock(paths: StackPaths): Promise<void> {
  const owner = lockOwner(paths.lockFile);
  if (owner) {
    throw new SetupFailure(
      `This checkout's stack runs already (process ${owner}); its addresses are in ${paths.stateFile}.\n` +
        "Stop it with Ctrl-C in its terminal first.",
    );
  }
  const count = await endStackProcesses(paths.dir).catch((error: unknown) => {
    throw new SetupFailure(`Leftovers of an earlier run: ${messageOf(error)}. End them, then try again.`);
  });
  if (count > 0) tell(`  ended ${count} processes that an earlier, killed run had left`);
  writeFileSync(paths.lockFile, String(process.pid));
}

export function releaseLock(paths: StackPaths): void {
  if (lockOwner(paths.lockFile) === process.pid) rmSync(paths.lockFile, { force: true });
}

/** Process id of a living owner. A number that another program has by now is no owner. */
function lockOwner(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, "utf8"));
  try {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return /stack\/(start|test)\.ts/.test(commandLine) ? pid : undefined;
  } catch {
    return undefined;
  }
}
