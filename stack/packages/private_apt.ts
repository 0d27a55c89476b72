import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runCommand } from "../command.ts";
import { SetupFailure } from "../failure.ts";

/**
 * apt with lists and cache of its own.
 *
 * It downloads packages, checks their signatures as apt always does, and changes nothing on the system. It
 * needs no root. The system's own lists may be empty (they are in most container images).
 */
export class PrivateApt {
  readonly #dir: string;
  readonly #options: readonly string[];
  readonly #signal: AbortSignal;
  // apt ends well even when it fetched nothing; what it said then explains what fails later.
  #updateOutput = "";

  /** `sources` is one sources.list text, or undefined for what the system is configured with. */
  constructor(dir: string, sources: string | undefined, signal: AbortSignal) {
    this.#dir = dir;
    this.#signal = signal;
    for (const folder of ["lists/partial", "archives/partial", "empty"]) {
      mkdirSync(join(dir, folder), { recursive: true });
    }
    const settings = [`Dir::State::Lists=${join(dir, "lists")}`, `Dir::Cache=${dir}`, "Acquire::Retries=3"];
    if (sources !== undefined) {
      writeFileSync(join(dir, "sources.list"), sources);
      settings.push(`Dir::Etc::SourceList=${join(dir, "sources.list")}`);
      settings.push(`Dir::Etc::SourceParts=${join(dir, "empty")}`);
    }
    // apt as root drops to the user _apt, who may not enter this folder.
    if (process.getuid?.() === 0) settings.push("APT::Sandbox::User=root");
    this.#options = settings.flatMap((setting) => ["-o", setting]);
  }

  /** Fetches the package lists. */
  async update(): Promise<void> {
    const run = await this.#run("apt-get", ["update"]);
    this.#updateOutput = run.stderr;
    if (run.exitCode !== 0) throw sourceFailure("The package lists could not be fetched", run.stderr);
  }

  /** What `update` can have failed with, as a message about `what`. */
  failure(what: string, output = ""): SetupFailure {
    return sourceFailure(what, `${this.#updateOutput}\n${output}`);
  }

  /** Address of the Debian archive among the configured sources; undefined without one. */
  async archiveSite(): Promise<string | undefined> {
    const format = "$(ORIGIN)|$(LABEL)|$(SITE)";
    const run = await this.#run("apt-get", ["indextargets", "--format", format]);
    const sources = run.stdout.split("\n").map((line) => line.split("|"));
    return sources.find(([origin, label]) => origin === "Debian" && label === "Debian")?.[2];
  }

  /** One `Depends` line of the package names, without versions and alternatives. */
  async dependenciesOf(name: string): Promise<string[]> {
    const run = await this.#run("apt-cache", ["depends", "--important", name]);
    return [...run.stdout.matchAll(/^ {2}\|?Depends: ([a-z0-9][a-z0-9+.-]*)$/gm)].flatMap(
      ([, dependency]) => dependency ?? [],
    );
  }

  /** Downloads the packages and unpacks them into `target`, without running any of their scripts. */
  async unpack(names: readonly string[], target: string): Promise<void> {
    const folder = mkdtempSync(join(this.#dir, "download-"));
    const run = await this.#run("apt-get", ["download", ...names], folder);
    const files = readdirSync(folder).filter((name) => name.endsWith(".deb"));
    if (run.exitCode !== 0 || files.length < names.length) {
      throw this.failure(`${names.join(", ")} could not be fetched`, run.stderr || run.stdout);
    }
    for (const file of files) {
      const unpacking = await runCommand("dpkg", ["-x", join(folder, file), target], {
        signal: this.#signal,
      });
      if (unpacking.exitCode !== 0) {
        throw new SetupFailure(
          `${file} could not be unpacked into ${target}:\n${lastLines(unpacking.stderr, 5)}\nIs the disk full? The unpacked packages need 1.4 GB.`,
        );
      }
    }
  }

  #run(program: string, args: readonly string[], cwd = this.#dir) {
    return runCommand(program, [...this.#options, ...args], { cwd, env: aptEnv(), signal: this.#signal });
  }
}

/** English output, no questions. */
export function aptEnv(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
}

/** The one message for a missing network and a broken package source alike. */
export function sourceFailure(what: string, output: string): SetupFailure {
  const reasons = output
    .split("\n")
    .filter((line) => /^(E|W|Err|err)[: ]/.test(line))
    .slice(0, 4);
  if (/\bis (expired|not valid yet)\b/.test(output)) {
    return new SetupFailure(
      `${what}: the package source's lists are out of date. apt says:\n${indent(reasons.join("\n"))}\n` +
        `What to do: check this machine's clock (it says ${new Date().toISOString()}). If it is right, the mirror in\n` +
        "/etc/apt is too old: choose one that is kept up to date. A frozen mirror that you trust is allowed by\n" +
        'Acquire::Check-Valid-Until "false"; in a file of /etc/apt/apt.conf.d. Then run the same command again.',
    );
  }
  const said = reasons.length > 0 ? reasons.join("\n") : lastLines(output, 4);
  return new SetupFailure(
    `${what} from this machine's Debian package source. apt says:\n${indent(said)}\n` +
      "What to do: make sure the machine reaches its package source (network, proxy, /etc/apt), so that\n" +
      "  apt-get update\nends without errors; then run the same command again. What is fetched already is kept.",
  );
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
