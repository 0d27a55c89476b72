import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Stack } from "../../stack/stack.ts";

const goneDeadlineMs = 10_000;

/** Kills every process that works in the data folder; resolves when all are gone. */
export async function killServer(dataDir: string): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const pids = listPostgres(dataDir);
    if (pids.length === 0) return;
    for (const pid of pids) sendKill(pid);
    if (performance.now() - startedAt > goneDeadlineMs) {
      throw new Error(`PostgreSQL's processes ${pids.join(", ")} could not be killed`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Kills the process of one of Odoo's connections. The server then drops all others and recovers. */
export async function killBackend(stack: Stack, database: string, signal: AbortSignal): Promise<void> {
  const query = `SELECT pid FROM pg_stat_activity WHERE datname = '${database}'
                  AND pid <> pg_backend_pid() ORDER BY state = 'idle', pid LIMIT 1`;
  try {
    const pid = Number(await stack.sql("postgres", query, signal));
    if (pid > 0) sendKill(pid);
  } catch {
    // The server is down just now, so there is no connection to kill.
    signal.throwIfAborted();
  }
}

function listPostgres(dataDir: string): number[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((pid) => worksIn(pid, dataDir));
}

function worksIn(pid: number, dataDir: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "postgres") return false;
    if (/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) return false;
    return readlinkSync(`/proc/${pid}/cwd`) === dataDir;
  } catch {
    // Gone in the meantime.
    return false;
  }
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
