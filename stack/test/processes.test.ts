import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endStackProcesses, findStackProcesses } from "../leftovers.ts";
import { isPortFree, PortChooser } from "../ports.ts";
import { type ProcessPlan, ServiceProcess, stackMarker } from "../service_process.ts";

let dir: string;
const never = new AbortController().signal;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "stack-test-"));
});

afterEach(async () => {
  await endStackProcesses(dir);
  rmSync(dir, { recursive: true });
});

/** Ready when the script has said so. */
async function hasSaidUp(): Promise<void> {
  if (!readFileSync(join(dir, "sample.log"), "utf8").includes("up")) throw new Error("not up");
}

function plan(script: string, probe: () => Promise<void> = hasSaidUp): ProcessPlan {
  return {
    name: "sample",
    program: process.execPath,
    args: ["-e", script],
    env: { ...process.env, [stackMarker]: dir },
    cwd: dir,
    logFile: join(dir, "sample.log"),
    stopSignal: "SIGTERM",
    stopDeadlineMs: 300,
    readyDeadlineMs: 5_000,
    probe,
  };
}

const idle = "console.log('up'); setInterval(() => {}, 1000)";
const withGrandchild = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(idle)}]); ${idle}`;
const stubborn = `process.on("SIGTERM", () => {}); ${idle}`;

describe("a service", () => {
  test("leaves no process behind when it is stopped, not even one it had started", async () => {
    const service = new ServiceProcess(plan(withGrandchild), () => {});
    await service.start(never);
    await expect.poll(() => findStackProcesses(dir).length).toBe(2);
    await service.stop();
    await expect.poll(() => findStackProcesses(dir)).toEqual([]);
  });

  test("is ended by force when it does not listen", async () => {
    const service = new ServiceProcess(plan(stubborn), () => {});
    await service.start(never);
    await service.stop();
    expect(service.isRunning).toBe(false);
  });

  test("that ends while starting is reported with its last log lines", async () => {
    const waiting = () => Promise.reject(new Error("not yet"));
    const service = new ServiceProcess(
      plan("console.error('port is taken'); process.exit(3)", waiting),
      () => {},
    );
    await expect(service.start(never)).rejects.toThrow(
      /ended while starting \(exit code 3\)[\s\S]*port is taken/,
    );
  });

  test("that is never ready is stopped and reported with what it was waited for", async () => {
    const failing = () => Promise.reject(new Error("no answer on 8069"));
    const service = new ServiceProcess({ ...plan(idle, failing), readyDeadlineMs: 100 }, () => {});
    await expect(service.start(never)).rejects.toThrow(/was not ready after 0.1 s: .*no answer on 8069/);
    expect(findStackProcesses(dir)).toEqual([]);
  });

  test("that crashes later says so once; one that is stopped does not", async () => {
    const messages: string[] = [];
    const service = new ServiceProcess(plan(idle), (message) => messages.push(message));
    await service.start(never);
    for (const pid of findStackProcesses(dir)) process.kill(pid, "SIGKILL");
    await expect.poll(() => messages.length).toBe(1);
    expect(messages[0]).toContain("sample ended unexpectedly (signal SIGKILL)");
    await service.start(never);
    await service.stop();
    expect(messages).toHaveLength(1);
  });
});

test("processes of a stack that was killed are found and ended", async () => {
  const service = new ServiceProcess(plan(stubborn), () => {});
  await service.start(never);
  // Nobody calls stop: as if the stack's own process were gone.
  expect(await endStackProcesses(dir, 200)).toBe(1);
  expect(findStackProcesses(dir)).toEqual([]);
});

describe("ports", () => {
  test("the usual one is given when it is free, another when it is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const taken = typeof address === "object" && address ? address.port : 0;
    const chooser = new PortChooser();
    const chosen = await chooser.choose("Odoo", taken);
    expect(chosen).not.toBe(taken);
    expect(await isPortFree(chosen)).toBe(true);
    await expect(chooser.choose("Odoo", undefined, taken)).rejects.toThrow(
      `Port ${taken} for Odoo is in use`,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  test("none is given twice", async () => {
    const chooser = new PortChooser();
    const first = await chooser.choose("Odoo", undefined);
    expect(await chooser.choose("the sidecar", first)).not.toBe(first);
  });
});
