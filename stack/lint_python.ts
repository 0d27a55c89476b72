import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { runCommand } from "./command.ts";
import { checkoutDir } from "./paths.ts";

const folders = ["odoo_addon", "stack", "docs"];

/**
 * Lints and format-checks the Python files with the rules of ruff.toml. Returns one line per fault.
 * Ruff comes as WebAssembly from npm, so no Python package has to be installed for it.
 * With `--fix` as a program argument: rewrites the formatting instead of reporting it.
 */
export async function findPythonFaults(isFixing: boolean): Promise<string[]> {
  const workspace = new Workspace(await readRules(), PositionEncoding.Utf16);
  const files = folders.flatMap((folder) =>
    readdirSync(join(checkoutDir, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".py"))
      .map((path) => join(folder, path)),
  );
  return files.sort().flatMap((file) => lintFile(workspace, file, isFixing));
}

function lintFile(workspace: Workspace, file: string, isFixing: boolean): string[] {
  const path = join(checkoutDir, file);
  const text = readFileSync(path, "utf8");
  const faults = (workspace.check(text) as Finding[])
    // An __init__.py imports to publish; a manifest is one expression. Ruff knows both by name, which it does
    // not get here.
    .filter(({ code }) => !(code === "F401" && basename(file) === "__init__.py"))
    .filter(({ code }) => !(code === "B018" && basename(file) === "__manifest__.py"))
    .map(({ code, message, start_location: at }) => `${file}:${at.row}:${at.column} ${code} ${message}`);
  const formatted = workspace.format(text);
  if (formatted === text) return faults;
  if (!isFixing) return [...faults, `${file} is not formatted (fix: node stack/lint_python.ts --fix)`];
  writeFileSync(path, formatted);
  return faults;
}

interface Finding {
  readonly code: string | null;
  readonly message: string;
  readonly start_location: { readonly row: number; readonly column: number };
}

/** ruff.toml as an object; Python's own parser reads it. */
async function readRules(): Promise<object> {
  const script = "import json, sys, tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], 'rb'))))";
  const run = await runCommand("/usr/bin/python3", ["-c", script, join(checkoutDir, "ruff.toml")]);
  if (run.exitCode !== 0) throw new Error(`ruff.toml cannot be read: ${run.stderr}`);
  return JSON.parse(run.stdout) as object;
}

if (import.meta.main) {
  const faults = await findPythonFaults(process.argv.includes("--fix"));
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
