import { chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runCommand } from "../command.ts";
import { SetupFailure } from "../failure.ts";
import type { ServicePackages } from "../packages/service_packages.ts";
import { isRoot } from "../paths.ts";
import { loopback } from "../ports.ts";
import { type ProcessPlan, stackMarker } from "../service_process.ts";

export interface PostgresSettings {
  readonly stackDir: string;
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
  readonly logFile: string;
  /** False only for throw-away data: a power loss then costs the database. */
  readonly isDurable: boolean;
  /** Libraries the server loads when it starts. */
  readonly preload?: readonly string[];
}

export const postgresUser = "integration";

// PostgreSQL refuses root. As nobody it could not enter a checkout below /root; this one capability lets it
// pass closed folders, and the secure bit keeps the capability through access(2), which initdb uses.
const asNobody = [
  "setpriv",
  "--reuid=nobody",
  "--regid=nogroup",
  "--clear-groups",
  "--inh-caps=+dac_override",
  "--ambient-caps=+dac_override",
  "--securebits=+no_setuid_fixup",
];
const nobodyUid = 65_534;

function unprivileged(program: string, args: readonly string[]): [string, string[]] {
  const [first = "", ...rest] = isRoot() ? [...asNobody, program, ...args] : [program, ...args];
  return [first, rest];
}

/** Creates an empty cluster with one superuser whom only the stack knows the password of. */
export async function createCluster(
  packages: ServicePackages,
  dataDir: string,
  password: string,
  signal: AbortSignal,
): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (isRoot()) chownSync(dataDir, nobodyUid, nobodyUid);
  // A file, not the standard input: that is a socket here, which initdb cannot open by a path.
  const passwordFile = `${dataDir}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const [program, args] = unprivileged(join(packages.postgresBin, "initdb"), [
    `--pgdata=${dataDir}`,
    `--username=${postgresUser}`,
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-instructions",
  ]);
  const run = await runCommand(program, args, { cwd: dataDir, signal });
  rmSync(passwordFile);
  if (run.exitCode !== 0) {
    throw new SetupFailure(`PostgreSQL's data folder could not be made:\n${lastLines(run.stderr, 8)}`);
  }
}

/**
 * Removes the note of a server that was killed: its process number may belong to another program by now, and
 * PostgreSQL would refuse to start. Only for data folders that no server can be using.
 */
export function forgetKilledServer(dataDir: string): void {
  rmSync(join(dataDir, "postmaster.pid"), { force: true });
}

export function planPostgres(packages: ServicePackages, settings: PostgresSettings): ProcessPlan {
  const durable = settings.isDurable ? "on" : "off";
  const [program, args] = unprivileged(join(packages.postgresBin, "postgres"), [
    ...["-D", settings.dataDir, "-p", String(settings.port)],
    // TCP on loopback with a password, no socket: a socket's path may not exceed 107 bytes, a checkout's may.
    ...["-c", `listen_addresses=${loopback}`, "-c", "unix_socket_directories="],
    // jit needs LLVM, which is not fetched.
    ...["-c", "jit=off", "-c", "max_connections=200", "-c", "shared_buffers=256MB"],
    // Without durability it serves tests, where a lock that is never given must fail and not hang.
    ...["-c", `lock_timeout=${settings.isDurable ? "0" : "60s"}`],
    ...["-c", `shared_preload_libraries=${settings.preload?.join() ?? ""}`],
    ...["-c", `fsync=${durable}`, "-c", `synchronous_commit=${durable}`, "-c", `full_page_writes=${durable}`],
  ]);
  return {
    name: "postgres",
    program,
    args,
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", [stackMarker]: settings.stackDir },
    cwd: settings.dataDir,
    logFile: settings.logFile,
    // Fast shutdown: ends sessions, writes everything.
    stopSignal: "SIGINT",
    stopDeadlineMs: 30_000,
    readyDeadlineMs: 60_000,
    probe: async (signal) => {
      await runSql(packages, settings, "postgres", "SELECT 1", signal);
    },
  };
}

/** One SQL text through psql; returns the unadorned rows. Throws with the server's own words. */
export async function runSql(
  packages: ServicePackages,
  settings: Pick<PostgresSettings, "port" | "password">,
  database: string,
  sql: string,
  signal: AbortSignal,
): Promise<string> {
  const args = ["-h", loopback, "-p", String(settings.port), "-U", postgresUser, "-d", database];
  const run = await runCommand(
    join(packages.postgresBin, "psql"),
    [...args, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"],
    {
      input: sql,
      signal,
      env: { PATH: process.env.PATH, PGPASSWORD: settings.password, HOME: "/nonexistent" },
    },
  );
  if (run.exitCode !== 0) throw new Error(lastLines(run.stderr, 3));
  return run.stdout.trim();
}

export function postgresDsn(settings: PostgresSettings, database: string): string {
  return `postgresql://${postgresUser}:${settings.password}@${loopback}:${settings.port}/${database}`;
}
