import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const marker = ".complete";

/**
 * A folder of the cache that is either whole or not there.
 *
 * `build` fills a folder beside it, which then takes its name in one step; an interrupted build leaves
 * nothing that looks whole. When two runs build at once, the first one wins and the other's is dropped.
 */
export async function ensureCachedTree(
  dir: string,
  build: (folder: string) => Promise<Record<string, unknown>>,
): Promise<string> {
  if (existsSync(join(dir, marker))) return dir;
  mkdirSync(dirname(dir), { recursive: true });
  const folder = mkdtempSync(join(dirname(dir), `${basename(dir)}.building-`));
  try {
    const facts = await build(folder);
    writeFileSync(join(folder, marker), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
    if (!existsSync(join(dir, marker))) {
      rmSync(dir, { recursive: true, force: true });
      renameSync(folder, dir);
    }
    return dir;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `build` returned when the tree was made. */
export function cachedFacts(dir: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(dir, marker), "utf8")) as Record<string, unknown>;
}
