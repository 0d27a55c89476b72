import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeFailure, watchLifetime } from "../stack/lifetime.ts";
import { prepareMachine } from "../stack/machine.ts";
import { checkoutDir, stackPaths } from "../stack/paths.ts";
import { PortChooser } from "../stack/ports.ts";
import { runStep, tell } from "../stack/progress.ts";
import { Stack } from "../stack/stack.ts";
import { ensureStackData } from "../stack/stack_data.ts";
import { chooseStackPorts } from "../stack/stack_ports.ts";
import { Supervisor } from "../stack/supervisor.ts";
import { baseDatabase } from "../stack/template_cluster.ts";
import { chooseSecrets } from "./business/endpoints.ts";
import { type ChaosOptions, parseChaosOptions } from "./options.ts";
import { type ChaosReport, hasBreach, renderReport } from "./report.ts";
import { runChaos } from "./run.ts";
import { ChaosWorld } from "./world/chaos_world.ts";

// `npm run chaos`: the product under kills and a hostile receiver, then an audit of every promise.

const database = "chaos";
const quietDeadlineMs = 6 * 60_000;
const savedLogs = join(checkoutDir, ".cache/chaos_logs");
const crashes: string[] = [];
const lifetime = watchLifetime(() => supervisor?.killAll());
let supervisor: Supervisor | undefined;
let dir: string | undefined;
let hasFailed = true;
let isKeeping = false;

try {
  const options = parseChaosOptions(process.argv.slice(2));
  isKeeping = options.isKeeping;
  dir = realpathSync(mkdtempSync(join(tmpdir(), "integration-monitor-chaos-")));
  supervisor = new Supervisor(dir, (message) => {
    crashes.push(message);
    console.error(`\n${message}\n`);
  });
  const report = await bringUpAndRun(options, dir, supervisor, lifetime.signal);
  hasFailed = hasBreach(report);
  console.log(`\n${renderReport(report)}`);
} catch (error) {
  console.error(describeFailure(error));
}
await supervisor?.stopAll();
if (dir) {
  if (hasFailed) saveLogs(dir);
  if (isKeeping) tell(`\nKept: ${dir}`);
  else rmSync(dir, { recursive: true, force: true });
}
process.exit(hasFailed || lifetime.signal.aborted ? 1 : 0);

async function bringUpAndRun(
  { minutes, seed }: ChaosOptions,
  folder: string,
  services: Supervisor,
  signal: AbortSignal,
): Promise<ChaosReport> {
  const machine = await prepareMachine("run", signal);
  const paths = stackPaths(folder);
  await ensureStackData(machine, paths, signal);
  const chooser = new PortChooser();
  // Durable: what is committed must survive the kill, as it does in production.
  const stack = new Stack(machine, paths, await chooseStackPorts(chooser, {}, {}), services, "durable");
  await runStep("PostgreSQL and RabbitMQ", async () => {
    await stack.startPostgres(signal);
    await stack.startRabbitmq(signal);
  });
  await runStep("database with our addons and sample data", async () => {
    await stack.copyDatabase(baseDatabase, database, signal);
    await stack.installAddons(database, { without: [], update: [] }, signal);
    await stack.prepareDatabase(database, undefined, signal);
  });
  await runStep("Odoo", () => stack.startOdoo(database, signal));
  const world = await ChaosWorld.plan(stack, services, chooser, {
    database,
    seed,
    secrets: chooseSecrets(),
    crashes,
  });
  return runChaos(world, { minutes, seed, quietDeadlineMs }, signal);
}

function saveLogs(folder: string): void {
  rmSync(savedLogs, { recursive: true, force: true });
  mkdirSync(savedLogs, { recursive: true });
  cpSync(join(folder, "logs"), savedLogs, { recursive: true });
  tell(`\nLogs of the services: ${savedLogs}`);
}
