import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { stackMarker } from "./service_process.ts";

const politeMsDefault = 8_000;
const killMs = 5_000;

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
    // An ended process that nobody has taken note of yet keeps its number, but nothing else.
    if (/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) return false;
    if (isPostgres(pid)) return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${dir}/`);
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${stackMarker}=${dir}`);
  } catch {
    // Gone in the meantime, or another user's.
    return false;
  }
}

function isPostgres(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "postgres";
}

/**
 * Ends them: politely first, so that databases close well, then for good.
 * Returns how many there were; throws naming those that stay.
 */
export async function endStackProcesses(dir: string, politeMs = politeMsDefault): Promise<number> {
  const found = findStackProcesses(dir);
  const startedAt = performance.now();
  for (const pid of found) sendSignal(pid, isPostgresAlive(pid) ? "SIGINT" : "SIGTERM");
  for (;;) {
    const left = findStackProcesses(dir);
    if (left.length === 0) return found.length;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > politeMs) for (const pid of left) sendSignal(pid, "SIGKILL");
    if (waitedMs > politeMs + killMs) {
      throw new Error(`Processes that could not be ended: ${left.join(", ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isPostgresAlive(pid: number): boolean {
  try {
    return isPostgres(pid);
  } catch {
    return false;
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
