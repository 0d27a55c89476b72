/**
 * Builds the browser side of the addon from `web/` into `odoo_addon/integration_monitor/static/`.
 * The output is committed: an Odoo server installs the addon without Node.
 *
 *   node web/build.ts           write the output
 *   node web/build.ts --check   build elsewhere and compare; exit 1 when the committed output differs
 */
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { createBuildConfig, createWorkerConfig, webPath } from "./build_settings.ts";

/** The addon's folder for browser files. */
const STATIC_DIR = webPath("../odoo_addon/integration_monitor/static");
/** Output folders below the static folder: what the client runs, its browser tests, and its workers. */
const OUTPUT_DIRS = ["src/js", "tests/js", "lib"] as const;

/** Builds both outputs below `staticDir`. */
async function buildWeb(staticDir: string = STATIC_DIR): Promise<void> {
  const libDir = join(staticDir, "lib");
  await build(createWorkerConfig("worker/mapping_worker.ts", libDir));
  const worker = readFileSync(join(libDir, "mapping_worker.js"));
  const workerVersion = createHash("sha256").update(worker).digest("hex").slice(0, 12);
  await build(
    createBuildConfig({
      sourceRoot: "src",
      entries: ["src/main.ts"],
      outDir: join(staticDir, "src/js"),
      define: { MAPPING_WORKER_VERSION: JSON.stringify(workerVersion) },
    }),
  );
  await build(
    createBuildConfig({
      sourceRoot: "hoot",
      entries: globSync("hoot/*.hoot.ts", { cwd: webPath(".") }).sort(),
      outDir: join(staticDir, "tests/js"),
    }),
  );
}

/** Files whose committed content is not what the sources give, as paths below the static folder. */
async function findStaleOutput(): Promise<string[]> {
  const freshDir = mkdtempSync(join(tmpdir(), "integration-monitor-web-"));
  try {
    await buildWeb(freshDir);
    return OUTPUT_DIRS.flatMap((dir) => compareFolders(join(STATIC_DIR, dir), join(freshDir, dir)))
      .map(({ dir, file, reason }) => `${join(dir.slice(freshDir.length + 1), file)}: ${reason}`)
      .sort();
  } finally {
    rmSync(freshDir, { recursive: true, force: true });
  }
}

interface Difference {
  readonly dir: string;
  readonly file: string;
  readonly reason: "missing" | "outdated" | "no longer built";
}

function compareFolders(committedDir: string, freshDir: string): Difference[] {
  const files = new Set([...listScripts(committedDir), ...listScripts(freshDir)]);
  return [...files].flatMap((file) => {
    const committed = readIfPresent(join(committedDir, file));
    const fresh = readIfPresent(join(freshDir, file));
    if (committed === fresh) {
      return [];
    }
    const reason = committed === null ? "missing" : fresh === null ? "no longer built" : "outdated";
    return [{ dir: freshDir, file, reason }];
  });
}

function listScripts(dir: string): string[] {
  return existsSync(dir) ? globSync("**/*.js", { cwd: dir }) : [];
}

function readIfPresent(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const stale = await findStaleOutput();
    if (stale.length > 0) {
      console.error(
        `The committed browser files are not what web/ builds:\n  ${stale.join("\n  ")}\nRun "npm run build" and commit the result.`,
      );
      process.exitCode = 1;
    } else {
      console.log("The committed browser files match web/.");
    }
  } else {
    await buildWeb();
    console.log(`Built ${OUTPUT_DIRS.join(" and ")} of odoo_addon/integration_monitor/static.`);
  }
}
