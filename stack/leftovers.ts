import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { stackMarker } from "./service_process.ts";

/**
 * Processes that belong to the stack in `dir` and still run.
 *
 * Found by the marker in their environment, or by their working directory: PostgreSQL overwrites its
 * environment to show its title, but works inside its data folder.
 */
export function findStackProcesses(dir: string): number[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((pid) => pid !== process.pid && belongsTo(pid, dir));
}

function belongsTo(pid: number, dir: string): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`);
    if (cwd.startsWith(`${dir}/`)) return isService(pid);
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${stackMarker}=${dir}`);
  } catch {
    // Gone in the meantime, or another user's.
    return false;
  }
}

/** A person's shell standing in the data folder is not ours to end. */
function isService(pid: number): boolean {
  const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  return name === "postgres";
}

/** Ends them for good. Resolves when none is left; throws naming those that stay. */
export async function endStackProcesses(dir: string, deadlineMs = 10_000): Promise<number> {
  const found = findStackProcesses(dir);
  const deadline = performance.now() + deadlineMs;
  let left = found;
  while (left.length > 0) {
    for (const pid of left) end(pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = findStackProcesses(dir);
    if (left.length > 0 && performance.now() > deadline) {
      throw new Error(`Processes that could not be ended: ${left.join(", ")}`);
    }
  }
  return found.length;
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
