import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const checkout = new URL("../", import.meta.url).pathname;
const stopDeadlineMs = 30_000;

/** Runs a sidecar with nothing but this environment file, as the set-up page tells people to. */
export function startOwnSidecar(environmentFile: string, name: string): { stop(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), "im_setup_"));
  const file = join(folder, "integration_sidecar.env");
  writeFileSync(file, environmentFile, { mode: 0o600 });
  const child = spawn(process.execPath, [`--env-file=${file}`, "sidecar/src/main.ts"], {
    cwd: checkout,
    // A port and a name of its own: the stack's sidecar is on this machine as well.
    env: { PATH: process.env.PATH, HTTP_PORT: "0", WORKER_NAME: name, LOG_LEVEL: "warn" },
    stdio: "inherit",
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), stopDeadlineMs);
      await ended;
      clearTimeout(timer);
      rmSync(folder, { recursive: true });
    },
  };
}
