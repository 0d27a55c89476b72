import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutDir } from "./paths.ts";

const addonsDir = join(checkoutDir, "odoo_addon");
export const sampleAddon = "integration_monitor_sample";

/** Technical names of this checkout's addons, sorted. */
export function listAddons(): string[] {
  return readdirSync(addonsDir)
    .filter((name) => existsSync(join(addonsDir, name, "__manifest__.py")))
    .sort();
}

/**
 * Changes exactly when a database must be updated: with Python, data and views of the addons.
 * Static files do not count; Odoo bundles them anew by itself. Neither do tests.
 */
export function hashAddonSources(): string {
  const hash = createHash("sha256");
  for (const addon of listAddons()) {
    for (const path of readdirSync(join(addonsDir, addon), { recursive: true, encoding: "utf8" }).sort()) {
      if (/(^|\/)(static|tests|__pycache__)(\/|$)/.test(path) || !/\.(py|xml|csv|sql)$/.test(path)) continue;
      hash.update(`${addon}/${path}\0`).update(readFileSync(join(addonsDir, addon, path)));
    }
  }
  return hash.digest("hex");
}
