import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SetupFailure } from "../failure.ts";
import { takeLock } from "../lock.ts";
import { stackPaths } from "../paths.ts";

let dir: string;
let owner: ChildProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lock-test-"));
});

afterEach(() => {
  owner?.kill("SIGKILL");
  owner = undefined;
  rmSync(dir, { recursive: true });
});

test("a second start in a checkout whose stack runs says so, with its process and where its addresses are", async () => {
  const paths = stackPaths(dir);
  owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "stack/start.ts"]);
  const commandLine = `/proc/${owner.pid}/cmdline`;
  await vi.waitUntil(() => existsSync(commandLine) && readFileSync(commandLine, "utf8").includes("start.ts"));
  writeFileSync(paths.lockFile, String(owner.pid));
  const failure = await takeLock(paths).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SetupFailure);
  expect(String(failure)).toContain(
    `runs already (process ${owner.pid}); its addresses are in ${paths.stateFile}`,
  );
  expect(readFileSync(paths.lockFile, "utf8")).toBe(String(owner.pid));
});

test("the lock of a process that is gone, or is another program by now, is taken over", async () => {
  const paths = stackPaths(dir);
  owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  for (const pid of [owner.pid, 2 ** 22 + 1]) {
    writeFileSync(paths.lockFile, String(pid));
    await takeLock(paths);
    expect(readFileSync(paths.lockFile, "utf8")).toBe(String(process.pid));
  }
});
