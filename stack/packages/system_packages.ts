import { lastLines, runCommand } from "../command.ts";
import { SetupFailure } from "../failure.ts";
import { findProgram, isRoot } from "../paths.ts";
import { runStep, tell } from "../progress.ts";
import type { PackageGroup } from "./needed_packages.ts";
import { aptEnv, sourceFailure } from "./private_apt.ts";

const installTries = 3;
const pauseBetweenTriesMs = 5_000;

/**
 * Installs the Debian packages that are missing; says which and why before it does.
 *
 * Only libraries, fonts and a browser: none of them brings a service. Throws SetupFailure with the exact
 * command to run when this user may not install packages.
 */
export async function ensureSystemPackages(
  groups: readonly PackageGroup[],
  signal: AbortSignal,
): Promise<void> {
  if (!findProgram("apt-get") || !findProgram("dpkg-query")) {
    throw new SetupFailure(
      "This set-up needs Debian 12 (apt-get was not found). On other systems use: docker compose up",
    );
  }
  const installed = await installedPackages(signal);
  const missingGroups = groups
    .map((group) => ({ ...group, packages: group.packages.filter((name) => !installed.has(name)) }))
    .filter((group) => group.packages.length > 0);
  if (missingGroups.length === 0) return;

  tell("\nDebian packages that are needed and missing (libraries, no services):");
  for (const group of missingGroups) tell(`  ${group.purpose}: ${group.packages.join(" ")}`);
  const names = missingGroups.flatMap((group) => group.packages);
  const prefix = await rootPrefix(names, signal);
  const updateOutput = await runStep("package lists (apt-get update)", () => updateLists(prefix, signal));
  await runStep(`installing ${names.length} Debian packages`, () =>
    install(prefix, names, updateOutput, signal),
  );
}

async function installedPackages(signal: AbortSignal): Promise<Set<string>> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg-query's own placeholders.
  const query = ["-W", "-f", "${db:Status-Status} ${Package}\\n"];
  const run = await runCommand("dpkg-query", query, { signal });
  const lines = run.stdout.split("\n").filter((line) => line.startsWith("installed "));
  return new Set(lines.map((line) => line.slice("installed ".length)));
}

/** What to put before apt-get to run it as root: nothing, or a sudo that asks no question. */
async function rootPrefix(names: readonly string[], signal: AbortSignal): Promise<string[]> {
  if (isRoot()) return [];
  if (findProgram("sudo")) {
    const probe = await runCommand("sudo", ["-n", "true"], { signal });
    if (probe.exitCode === 0) return ["sudo", "-n"];
  }
  throw new SetupFailure(
    "This user may not install Debian packages (not root, and no sudo without a password).\n" +
      "Run this once as root, then the same command again:\n\n" +
      `  apt-get update && apt-get install --yes --no-install-recommends ${names.join(" ")}`,
  );
}

/** Returns what apt complained about: it ends well even when it fetched nothing. */
async function updateLists(prefix: readonly string[], signal: AbortSignal): Promise<string> {
  const run = await runAsRoot(prefix, ["apt-get", "-o", "Acquire::Retries=3", "update"], signal);
  if (run.exitCode !== 0) throw sourceFailure("The package lists could not be fetched", run.stderr);
  return run.stderr;
}

/** A mirror may fail for a moment, and another apt may hold the lock: tried a few times. */
async function install(
  prefix: readonly string[],
  names: readonly string[],
  updateOutput: string,
  signal: AbortSignal,
): Promise<void> {
  const options = ["-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120"];
  const command = ["apt-get", ...options, "install", "--yes", "--no-install-recommends", ...names];
  for (let tryNumber = 1; ; tryNumber += 1) {
    const run = await runAsRoot(prefix, command, signal);
    if (run.exitCode === 0) return;
    if (tryNumber === installTries) {
      throw sourceFailure("Debian packages could not be installed", `${updateOutput}\n${run.stderr}`);
    }
    tell(`\n  try ${tryNumber} of ${installTries} failed: ${lastLines(run.stderr, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseBetweenTriesMs));
  }
}

function runAsRoot(prefix: readonly string[], command: readonly string[], signal: AbortSignal) {
  const [program = "", ...args] = [...prefix, ...command];
  // sudo drops the environment; env sets it again behind it.
  if (prefix.length > 0) {
    const setting = ["env", "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive"];
    return runCommand(program, [...prefix.slice(1), ...setting, ...command], { signal });
  }
  return runCommand(program, args, { env: aptEnv(), signal });
}
