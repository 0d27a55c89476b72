import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runCommand } from "../command.ts";
import { SetupFailure } from "../failure.ts";
import { cacheDir } from "../paths.ts";
import { runStep } from "../progress.ts";
import { ensureCachedTree } from "./cached_tree.ts";
import { PrivateApt } from "./private_apt.ts";

export interface ServicePackages {
  /** Folder with postgres, initdb, psql, pg_dump. */
  readonly postgresBin: string;
  /** Folder with erl. */
  readonly erlangBin: string;
  readonly epmd: string;
  readonly rabbitmqServer: string;
}

/**
 * PostgreSQL, Erlang and RabbitMQ, unpacked into the cache and never installed.
 *
 * Installing them would create a cluster, users and services that start by themselves, now or at the next
 * boot. Unpacked, their scripts do not run, so the system stays as it is. Their shared libraries are among
 * the installed Python packages' dependencies.
 */
export async function ensureServicePackages(signal: AbortSignal): Promise<ServicePackages> {
  const dir = join(cacheDir(), `services-${debianRelease()}-${process.arch}`);
  const build = (folder: string) => fetchServices(folder, dir, signal);
  if (existsSync(join(dir, ".complete"))) await ensureCachedTree(dir, build);
  else await runStep("PostgreSQL and RabbitMQ from Debian (50 MB)", () => ensureCachedTree(dir, build));
  return locate(dir);
}

async function fetchServices(
  folder: string,
  finalDir: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const apt = new PrivateApt(join(folder, "apt"), undefined, signal);
  await apt.update();
  const server = (await apt.dependenciesOf("postgresql")).find((name) => /^postgresql-\d+$/.test(name));
  if (!server) throw apt.failure("PostgreSQL could not be fetched");
  const client = server.replace("postgresql-", "postgresql-client-");
  const names = new Set([server, client, "rabbitmq-server"]);
  for (const name of names) {
    for (const dependency of await apt.dependenciesOf(name)) {
      if (dependency.startsWith("erlang-") && !dependency.endsWith("-hipe")) names.add(dependency);
    }
  }
  await apt.unpack([...names], folder);
  rmSync(join(folder, "apt"), { recursive: true });
  useErlangFrom(folder, finalDir);
  await checkPrograms(folder, signal);
  return { packages: [...names], fetchedAt: new Date().toISOString() };
}

/** Debian's `erl` names its installed folder; the unpacked one must name its own. */
function useErlangFrom(folder: string, finalDir: string): void {
  const script = join(folder, "usr/lib/erlang/bin/erl");
  const text = readFileSync(script, "utf8");
  const rooted = text.replaceAll("ROOTDIR=/usr/lib/erlang", `ROOTDIR="${finalDir}/usr/lib/erlang"`);
  if (rooted === text) {
    throw new SetupFailure("Debian's erl script has changed (no ROOTDIR=/usr/lib/erlang in it).");
  }
  writeFileSync(script, rooted);
}

/** A missing shared library shows here, with its name, and not as a service that does not come up. */
async function checkPrograms(folder: string, signal: AbortSignal): Promise<void> {
  const { postgresBin } = locate(folder);
  for (const name of ["postgres", "psql", "initdb"]) {
    const run = await runCommand(join(postgresBin, name), ["--version"], { signal });
    if (run.exitCode === 0) continue;
    throw new SetupFailure(`PostgreSQL's ${name} does not run on this machine:\n${lastLines(run.stderr, 5)}`);
  }
}

function locate(dir: string): ServicePackages {
  const postgresRoot = join(dir, "usr/lib/postgresql");
  const rabbitmqRoot = join(dir, "usr/lib/rabbitmq/lib");
  const erlangRoot = join(dir, "usr/lib/erlang");
  const runtime = readdirSync(erlangRoot).find((name) => name.startsWith("erts-"));
  return {
    postgresBin: join(postgresRoot, onlyFolder(postgresRoot), "bin"),
    erlangBin: join(erlangRoot, "bin"),
    epmd: join(erlangRoot, runtime ?? "", "bin/epmd"),
    rabbitmqServer: join(rabbitmqRoot, onlyFolder(rabbitmqRoot), "sbin/rabbitmq-server"),
  };
}

function onlyFolder(dir: string): string {
  const [name] = readdirSync(dir);
  if (!name) throw new SetupFailure(`${dir} is empty. Delete ${cacheDir()} and run the same command again.`);
  return name;
}

function debianRelease(): string {
  const text = readFileSync("/etc/os-release", "utf8");
  return /^VERSION_CODENAME=(\w+)/m.exec(text)?.[1] ?? "unknown";
}
