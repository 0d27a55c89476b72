import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connect } from "amqplib";
import { runCommand } from "../command.ts";
import type { ServicePackages } from "../packages/service_packages.ts";
import { loopback } from "../ports.ts";
import { type ProcessPlan, stackMarker } from "../service_process.ts";

export interface RabbitmqSettings {
  readonly stackDir: string;
  readonly dataDir: string;
  readonly port: number;
  /** Erlang's own two ports: distribution and name service. */
  readonly distributionPort: number;
  readonly epmdPort: number;
  readonly password: string;
  readonly cookie: string;
  readonly logDir: string;
}

const user = "integration";

export function amqpUrl(settings: RabbitmqSettings): string {
  return `amqp://${user}:${settings.password}@${loopback}:${settings.port}`;
}

/**
 * Erlang's name service, private: own port, loopback only, as a child of the stack. Without it the node would
 * start the usual one, as a daemon that outlives it.
 */
export function planEpmd(packages: ServicePackages, settings: RabbitmqSettings): ProcessPlan {
  return {
    name: "epmd",
    program: packages.epmd,
    args: ["-port", String(settings.epmdPort), "-address", loopback],
    env: { PATH: process.env.PATH, [stackMarker]: settings.stackDir },
    cwd: settings.dataDir,
    logFile: join(settings.logDir, "epmd.log"),
    stopSignal: "SIGTERM",
    stopDeadlineMs: 2_000,
    readyDeadlineMs: 15_000,
    probe: (signal) => epmdAnswers(packages, settings, signal),
  };
}

async function epmdAnswers(
  packages: ServicePackages,
  settings: RabbitmqSettings,
  signal: AbortSignal,
): Promise<void> {
  const run = await runCommand(packages.epmd, ["-port", String(settings.epmdPort), "-names"], { signal });
  if (run.exitCode !== 0) throw new Error(run.stderr || run.stdout);
}

export function planRabbitmq(packages: ServicePackages, settings: RabbitmqSettings): ProcessPlan {
  const home = join(settings.dataDir, "home");
  writeNodeFiles(settings, home);
  return {
    name: "rabbitmq",
    // The broker needs more open files than a login shell's usual 1,024.
    program: "/bin/sh",
    args: [
      "-c",
      `ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$0"`,
      packages.rabbitmqServer,
    ],
    env: nodeEnvironment(packages, settings, home),
    cwd: settings.dataDir,
    logFile: join(settings.logDir, "rabbitmq.log"),
    stopSignal: "SIGTERM",
    stopDeadlineMs: 30_000,
    readyDeadlineMs: 90_000,
    probe: async () => {
      const connection = await connect(amqpUrl(settings), { timeout: 3_000 });
      await connection.close();
    },
  };
}

function writeNodeFiles(settings: RabbitmqSettings, home: string): void {
  mkdirSync(home, { recursive: true });
  const cookie = join(home, ".erlang.cookie");
  writeFileSync(cookie, settings.cookie, { mode: 0o400, flag: "w" });
  chmodSync(cookie, 0o400);
  const config = [
    `listeners.tcp.1 = ${loopback}:${settings.port}`,
    `default_user = ${user}`,
    `default_pass = ${settings.password}`,
    // The default of 50 MB is too late for quorum queues; on a small disk the broker would refuse to work.
    "disk_free_limit.absolute = 500MB",
    "raft.wal_max_size_bytes = 64000000",
    "log.console = true",
    "log.console.level = info",
    "log.file = false",
  ];
  writeFileSync(join(settings.dataDir, "rabbitmq.conf"), `${config.join("\n")}\n`, { mode: 0o600 });
  writeFileSync(join(settings.dataDir, "enabled_plugins"), "[].\n");
}

function nodeEnvironment(
  packages: ServicePackages,
  settings: RabbitmqSettings,
  home: string,
): NodeJS.ProcessEnv {
  const { dataDir } = settings;
  return {
    PATH: `${packages.erlangBin}:${dirname(packages.rabbitmqServer)}:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: home,
    LC_ALL: "C.UTF-8",
    [stackMarker]: settings.stackDir,
    ERL_EPMD_PORT: String(settings.epmdPort),
    ERL_EPMD_ADDRESS: loopback,
    // The name is part of the data: it must be the same on each start.
    RABBITMQ_NODENAME: "integration_monitor@localhost",
    RABBITMQ_NODE_IP_ADDRESS: loopback,
    RABBITMQ_NODE_PORT: String(settings.port),
    RABBITMQ_DIST_PORT: String(settings.distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    RABBITMQ_MNESIA_BASE: join(dataDir, "mnesia"),
    RABBITMQ_LOG_BASE: settings.logDir,
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dataDir, "enabled_plugins"),
    RABBITMQ_CONFIG_FILE: join(dataDir, "rabbitmq.conf"),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(dataDir, "advanced.config"),
    // Machine-wide settings of an installed RabbitMQ are none of ours.
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
  };
}
