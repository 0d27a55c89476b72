import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashAddonSources, sampleAddon } from "./addon_sources.ts";
import type { Machine } from "./machine.ts";
import type { StackPaths } from "./paths.ts";
import { runStep } from "./progress.ts";
import { createSecrets } from "./secrets.ts";
import type { Stack } from "./stack.ts";
import { baseDatabase, copyTemplate, ensureTemplate } from "./template_cluster.ts";

/** Data folders of a new stack, copied from the template. A folder that has them already is left alone. */
export async function ensureStackData(
  machine: Machine,
  paths: StackPaths,
  signal: AbortSignal,
): Promise<void> {
  if (existsSync(paths.secretsFile)) return;
  const template = await ensureTemplate(machine, signal);
  for (const dir of [paths.postgres, paths.odoo]) rmSync(dir, { recursive: true, force: true });
  const password = await runStep("data folders", () => copyTemplate(template, paths.dir));
  // Written last: it says that the folders above are whole.
  createSecrets(paths.secretsFile, password);
}

/** What was done to the database, so that a second start does only what changed. */
interface DatabaseRecord {
  readonly addonHash: string;
  readonly hasSample: boolean;
  readonly odooUrl: string;
  readonly receiverUrl: string;
}

/**
 * Creates the database with our addons, or brings it up to date with the checkout.
 * `wantsSample` counts for a new database only.
 */
export async function ensureDatabase(
  stack: Stack,
  database: string,
  wantsSample: boolean,
  signal: AbortSignal,
): Promise<void> {
  const recordFile = join(stack.paths.dir, `database_${database}.json`);
  const known = readRecord(recordFile);
  const addonHash = hashAddonSources();
  const hasSample = known?.hasSample ?? wantsSample;
  const without = hasSample ? [] : [sampleAddon];
  const { odooUrl, receiverUrl } = stack;
  const wanted: DatabaseRecord = { addonHash, hasSample, odooUrl, receiverUrl };

  if (!known) {
    await runStep("new database with the Integration Monitor addons", async () => {
      await stack.copyDatabase(baseDatabase, database, signal);
      await stack.installAddons(database, { without, update: [] }, signal);
    });
  } else if (known.addonHash !== addonHash) {
    await runStep("addons changed: updating the database", () =>
      // Updating the core addon updates all that depend on it.
      stack.installAddons(database, { without, update: ["integration_monitor"] }, signal),
    );
  }
  if (JSON.stringify(known) !== JSON.stringify(wanted)) {
    await runStep(hasSample ? "service account and sample data" : "service account", () =>
      stack.prepareDatabase(database, receiverUrl, signal),
    );
    writeFileSync(recordFile, JSON.stringify(wanted));
  }
}

function readRecord(file: string): DatabaseRecord | undefined {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as DatabaseRecord;
}
