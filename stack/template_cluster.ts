import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import type { Machine } from "./machine.ts";
import { cachedFacts, ensureCachedTree } from "./packages/cached_tree.ts";
import { cacheDir, isRoot } from "./paths.ts";
import { PortChooser } from "./ports.ts";
import { runStep } from "./progress.ts";
import { createSecretKey } from "./secrets.ts";
import { Odoo } from "./services/odoo.ts";
import { createCluster, planPostgres, runSql } from "./services/postgres.ts";
import { Supervisor } from "./supervisor.ts";

/** Database of the template that holds Odoo's own addons, without ours. */
export const baseDatabase = "odoo_base";

// What our bridge addons build on. Installing it takes most of a minute, copying it a second.
const baseAddons = [
  ...["base", "mail", "base_automation", "account", "purchase", "stock", "sale"],
  ...["purchase_stock", "sale_stock"],
];

interface TemplateFacts {
  readonly password: string;
}

/** Data folders of PostgreSQL and Odoo with a ready base database; made once per user, then copied. */
export async function ensureTemplate(machine: Machine, signal: AbortSignal): Promise<string> {
  const dir = join(cacheDir(), `template-${templateKey(machine)}`);
  if (existsSync(join(dir, ".complete"))) return dir;
  return runStep("Odoo's own addons into a template database (once)", () =>
    ensureCachedTree(dir, (folder) => buildTemplate(folder, machine, signal)),
  );
}

/** Copies the template's data into a stack's folder; returns the superuser's password. */
export async function copyTemplate(template: string, stackDir: string): Promise<string> {
  for (const name of ["postgres", "odoo"]) {
    const args = ["--archive", "--reflink=auto", join(template, name), stackDir];
    const run = await runCommand("cp", args);
    if (run.exitCode !== 0) throw new Error(`Copying ${join(template, name)} failed: ${run.stderr}`);
  }
  return (cachedFacts(template) as unknown as TemplateFacts).password;
}

function templateKey(machine: Machine): string {
  const release = readFileSync(join(machine.odoo.pythonPath, "odoo/release.py"));
  const hash = createHash("sha256").update(release).update(machine.services.postgresBin);
  // The owner of a cluster's files differs between root, who runs it as nobody, and everyone else.
  return hash.update(baseAddons.join()).update(String(isRoot())).digest("hex").slice(0, 12);
}

async function buildTemplate(
  folder: string,
  machine: Machine,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const password = randomBytes(18).toString("hex");
  const dataDir = join(folder, "postgres");
  const port = await new PortChooser().choose("PostgreSQL", undefined);
  const cluster = { stackDir: folder, dataDir, port, password, isDurable: false };
  const supervisor = new Supervisor(folder, (message) => console.error(message));
  try {
    await createCluster(machine.services, dataDir, password, signal);
    const plan = planPostgres(machine.services, { ...cluster, logFile: join(folder, "postgres.log") });
    await supervisor.start(plan, signal);
    await runSql(machine.services, cluster, "postgres", `CREATE DATABASE ${baseDatabase}`, signal);
    const odoo = new Odoo(machine.odoo, {
      stackDir: folder,
      dataDir: join(folder, "odoo"),
      logDir: folder,
      postgresPort: port,
      postgresPassword: password,
      // Our addons are not in this database, so nothing is encrypted with it.
      secretKey: createSecretKey(),
    });
    await odoo.install(baseDatabase, { install: baseAddons }, signal);
  } finally {
    await supervisor.remove("postgres");
  }
  return { password } satisfies TemplateFacts;
}
