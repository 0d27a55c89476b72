import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serveControl } from "./control.ts";
import { SetupFailure } from "./failure.ts";
import { describeFailure, type Lifetime, watchLifetime } from "./lifetime.ts";
import { releaseLock, takeLock } from "./lock.ts";
import { prepareMachine } from "./machine.ts";
import { checkoutDir, type StackPaths, stackPaths } from "./paths.ts";
import { loopback, PortChooser } from "./ports.ts";
import { runStep, tell } from "./progress.ts";
import { Stack } from "./stack.ts";
import { ensureDatabase, ensureStackData } from "./stack_data.ts";
import { chooseStackPorts, type StackPorts, usualPorts } from "./stack_ports.ts";
import { describeStack, renderState, writeState } from "./stack_state.ts";
import { parseStartOptions, type StartOptions } from "./start_options.ts";
import { Supervisor } from "./supervisor.ts";
import { ensureWebBuild } from "./web_build.ts";

// `npm start`: the whole product on this machine until Ctrl-C.

const database = "integration_monitor";
const startedAt = performance.now();
const paths = stackPaths(join(checkoutDir, ".stack"));
let hasCrashed = false;
let hasLock = false;
let supervisor: Supervisor | undefined;
const lifetime = watchLifetime(() => supervisor?.killAll());

try {
  const options = parseStartOptions(process.argv.slice(2));
  await takeLock(paths);
  hasLock = true;
  await serveUntilEnd(options, lifetime);
} catch (error) {
  if (!lifetime.signal.aborted) {
    process.exitCode = 1;
    console.error(describeFailure(error));
  }
}
await supervisor?.stopAll();
// Without the lock these files are another run's.
if (hasLock) {
  rmSync(paths.stateFile, { force: true });
  releaseLock(paths);
}
if (lifetime.signal.aborted) tell("Stopped.");
process.exit(hasCrashed ? 1 : process.exitCode);

async function serveUntilEnd(options: StartOptions, { signal, ended, end }: Lifetime): Promise<void> {
  if (options.isReset) resetData(paths);
  supervisor = new Supervisor(paths.dir, (message) => {
    hasCrashed = true;
    console.error(`\n${message}\n`);
    end("a service has crashed");
  });
  tell("Integration Monitor for Odoo");
  const machine = await prepareMachine("run", signal);
  await ensureWebBuild(signal);
  await ensureStackData(machine, stackPaths(paths.dir), signal);
  const ports = await choosePorts(paths, options);
  const stack = new Stack(machine, paths, ports, supervisor, "durable");

  await runStep("PostgreSQL, RabbitMQ and the sample receiver", () =>
    allOf([stack.startPostgres(signal), stack.startRabbitmq(signal), stack.startReceiver(signal)]),
  );
  await ensureDatabase(stack, database, options.wantsSample, signal);
  await runStep("Odoo", () => stack.startOdoo(database, signal));
  await runStep("sidecar", () => stack.startSidecar(database, signal));

  let controlUrl: string | undefined;
  if (options.hasControl) {
    await serveControl(ports.control, supervisor, signal);
    controlUrl = `http://${loopback}:${ports.control}`;
  }
  const state = await describeStack(stack, database, controlUrl, signal);
  writeState(paths.stateFile, state);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  tell(`\nReady after ${seconds} s\n\n${renderState(state, paths.stateFile)}\n\nCtrl-C stops everything.`);
  tell(`\nStopping (${await ended})`);
}

/** All of them, also when one fails: what has been started must be known before it is stopped. */
async function allOf(starts: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(starts);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

function resetData({ dir }: StackPaths): void {
  rmSync(dir, { recursive: true, force: true });
  writeFileSync(stackPaths(dir).lockFile, String(process.pid));
  if (existsSync(join(dir, "postgres"))) throw new SetupFailure(`${dir} could not be deleted.`);
}

/** The ports of the last run again where they are free, so that bookmarks and sessions stay good. */
async function choosePorts({ dir }: StackPaths, options: StartOptions): Promise<StackPorts> {
  const file = join(dir, "ports.json");
  const last = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as StackPorts) : {};
  const ports = await chooseStackPorts(new PortChooser(), { ...last, ...usualPorts }, options.ports);
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}
