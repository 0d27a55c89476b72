import { describeFailure } from "../stack/lifetime.ts";
import { prepareMachine } from "../stack/machine.ts";
import { stackPaths } from "../stack/paths.ts";
import { PortChooser } from "../stack/ports.ts";
import { type PrivateRun, runPrivately } from "../stack/private_run.ts";
import { runStep } from "../stack/progress.ts";
import { Stack } from "../stack/stack.ts";
import { ensureStackData } from "../stack/stack_data.ts";
import { chooseStackPorts } from "../stack/stack_ports.ts";
import { baseDatabase } from "../stack/template_cluster.ts";
import { chooseSecrets } from "./business/endpoints.ts";
import { type ChaosOptions, parseChaosOptions } from "./options.ts";
import { type ChaosReport, hasBreach, renderReport } from "./report.ts";
import { runChaos } from "./run.ts";
import { ChaosWorld } from "./world/chaos_world.ts";

// `npm run chaos`: the product under kills and a hostile receiver, then an audit of every promise.

const database = "chaos";
const quietDeadlineMs = 6 * 60_000;

const options = readOptionsOrExit();
const exitCode = await runPrivately("chaos", options.isKeeping, async (run) => {
  const report = await bringUpAndRun(options, run);
  console.log(`\n${renderReport(report)}`);
  return !hasBreach(report);
});
process.exit(exitCode);

function readOptionsOrExit(): ChaosOptions {
  try {
    return parseChaosOptions(process.argv.slice(2));
  } catch (error) {
    console.error(describeFailure(error));
    process.exit(1);
  }
}

async function bringUpAndRun({ minutes, seed }: ChaosOptions, run: PrivateRun): Promise<ChaosReport> {
  const { dir, supervisor, crashes, signal } = run;
  const machine = await prepareMachine("run", signal);
  const paths = stackPaths(dir);
  await ensureStackData(machine, paths, signal);
  const chooser = new PortChooser();
  // Durable: what is committed must survive the kill, as it does in production.
  const stack = new Stack(machine, paths, await chooseStackPorts(chooser, {}, {}), supervisor, "durable");
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
  const world = await ChaosWorld.plan(stack, supervisor, chooser, {
    database,
    seed,
    secrets: chooseSecrets(),
    crashes,
  });
  return runChaos(world, { minutes, seed, quietDeadlineMs }, signal);
}
