import { readFileSync } from "node:fs";
import { join } from "node:path";
import { prepareMachine } from "./machine.ts";
import { checkoutDir, stackPaths } from "./paths.ts";
import { PortChooser } from "./ports.ts";
import { type PrivateRun, runPrivately } from "./private_run.ts";
import { runStep, tell } from "./progress.ts";
import { Stack } from "./stack.ts";
import { ensureStackData } from "./stack_data.ts";
import { chooseStackPorts } from "./stack_ports.ts";
import { baseDatabase } from "./template_cluster.ts";
import { ensureWebBuild } from "./web_build.ts";

// `npm run translate`: the addons' translation files, as Odoo exports them now. Ends with an error while texts are
// not translated, and lists them.

const database = "translate";

process.exit(await runPrivately("translate", false, translate));

async function translate(run: PrivateRun): Promise<boolean> {
  const { signal } = run;
  const machine = await prepareMachine("run", signal);
  // The texts of the web client are exported from what is built.
  await ensureWebBuild(signal);
  const paths = stackPaths(run.dir);
  await ensureStackData(machine, paths, signal);
  const ports = await chooseStackPorts(new PortChooser(), {}, {});
  const stack = new Stack(machine, paths, ports, run.supervisor, "throw-away");
  await runStep("PostgreSQL", () => stack.startPostgres(signal));
  await runStep("database with all addons", async () => {
    await stack.copyDatabase(baseDatabase, database, signal);
    await stack.installAddons(database, { without: [], update: [] }, signal);
  });
  const report = join(run.dir, "untranslated");
  const script = join(checkoutDir, "stack/translation_files.py");
  await runStep("translation files", () => stack.odoo.runScript(database, script, { report }, signal));
  const untranslated = readFileSync(report, "utf8").trim();
  tell(untranslated || "German, French and Spanish are complete.");
  return untranslated === "";
}
