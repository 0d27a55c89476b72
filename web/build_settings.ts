/**
 * What both browser builds share. Odoo transpiles the result again with line-based patterns, so the
 * output must stay readable ES modules: one file per module, unminified, imports of Odoo's own modules
 * left as they are. Minifying would also rename `_t` and so lose every translation.
 */
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
}

/** Absolute path of a file or folder inside `web/`. */
export function webPath(relativePath: string): string {
  return fileURLToPath(new URL(relativePath, import.meta.url));
}

/** The Vite settings for one build. */
export function createBuildConfig({ sourceRoot, entries, outDir }: BrowserBuild): InlineConfig {
  return {
    configFile: false,
    root: webPath("."),
    logLevel: "warn",
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
