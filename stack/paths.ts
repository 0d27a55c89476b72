import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const checkoutDir = resolve(import.meta.dirname, "..");

/** Folder for what is fetched or built once and serves every checkout of this user. */
export function cacheDir(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "integration-monitor");
}

/** Where one stack keeps its data. All of it goes when `dir` is deleted. */
export interface StackPaths {
  readonly dir: string;
  readonly logs: string;
  readonly postgres: string;
  readonly rabbitmq: string;
  readonly odoo: string;
  readonly receiver: string;
  readonly stateFile: string;
  readonly lockFile: string;
  readonly secretsFile: string;
}

export function stackPaths(dir: string): StackPaths {
  const paths: StackPaths = {
    dir,
    logs: join(dir, "logs"),
    postgres: join(dir, "postgres"),
    rabbitmq: join(dir, "rabbitmq"),
    odoo: join(dir, "odoo"),
    receiver: join(dir, "receiver"),
    stateFile: join(dir, "state.json"),
    lockFile: join(dir, "stack.lock"),
    secretsFile: join(dir, "secrets.json"),
  };
  for (const folder of [dir, paths.logs, paths.rabbitmq, paths.receiver]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return paths;
}

/** First program of that name in the PATH, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = `${process.env.PATH ?? ""}:/usr/sbin:/usr/bin:/sbin:/bin`.split(":");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
