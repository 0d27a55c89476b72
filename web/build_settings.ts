/**
 * What both browser builds share. Odoo transpiles the result again with line-based patterns, so the
 * output must stay readable ES modules: one file per module, unminified, imports of Odoo's own modules
 * left as they are. Minifying would also rename `_t` and so lose every translation.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { InlineConfig } from "vite";

/** Modules that exist only inside Odoo's bundle. */
const ODOO_MODULES = /^@(odoo|web|bus|mail|integration_monitor)\//;

export interface BrowserBuild {
  /** Folder of the sources, relative to `web/`; the output mirrors its layout. */
  readonly sourceRoot: string;
  /** Entry files, relative to `web/`. */
  readonly entries: readonly string[];
  /** Absolute folder that receives the output; emptied first. */
  readonly outDir: string;
  /** Names in the sources that the build replaces by these expressions. */
  readonly define?: Readonly<Record<string, string>>;
}

/** Absolute path of a file or folder inside `web/`. */
export function webPath(relativePath: string): string {
  return fileURLToPath(new URL(relativePath, import.meta.url));
}

/** The Vite settings for one build. */
export function createBuildConfig({ sourceRoot, entries, outDir, define }: BrowserBuild): InlineConfig {
  return {
    configFile: false,
    root: webPath("."),
    logLevel: "warn",
    define: { ...define },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      minify: false,
      sourcemap: false,
      lib: { entry: entries.map(webPath), formats: ["es"] },
      rolldownOptions: {
        external: ODOO_MODULES,
        output: {
          preserveModules: true,
          preserveModulesRoot: webPath(sourceRoot),
          // Browser tests are written as `.hoot.ts`, so that vitest leaves them alone; Odoo wants `.test.js`.
          entryFileNames: ({ name }) => `${name.replace(/\.hoot$/, ".test")}.js`,
        },
      },
    },
  };
}

/**
 * The Vite settings for a worker: one classic script with all it needs. Odoo serves it as it is, and nothing of it is
 * loaded before it is used; so it is minified, and says whose it is.
 */
export function createWorkerConfig(entry: string, outDir: string): InlineConfig {
  const license = readFileSync(new URL(import.meta.resolve("jsonata/LICENSE")), "utf8").trim();
  return {
    configFile: false,
    root: webPath("."),
    logLevel: "warn",
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      minify: true,
      sourcemap: false,
      lib: { entry: webPath(entry), formats: ["iife"], name: "integrationMonitorWorker" },
      rolldownOptions: {
        output: {
          entryFileNames: "[name].js",
          postBanner: `/*!\nBuilt from web/${entry}. Contains JSONata, © Copyright IBM Corp. 2016, 2018:\n${license}\n*/`,
        },
      },
    },
  };
}
