/**
 * Reads the environment once, at start. All problems are reported together, so that a person repairs the
 * configuration in one go; values of secrets never appear in a message.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { type DatabaseConfig, readDatabases } from "./config_databases.ts";
import {
  choiceSetting,
  integerSetting,
  isAmqpUrl,
  isText,
  secretSetting,
  textSetting,
} from "./config_values.ts";

export interface SidecarConfig {
  /** At least one. */
  readonly databases: readonly DatabaseConfig[];
  readonly amqpUrl: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly pollIntervalMs: number;
  readonly workerName: string;
  /** Requests of the whole process under way at once. */
  readonly maxInFlight: number;
  readonly logLevel: string;
}

/** The environment cannot be used; `message` holds one line for each problem. */
export class ConfigInvalid extends Error {
  override readonly name = "ConfigInvalid";
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/**
 * @param env usually `process.env`
 * @param own used when WORKER_NAME is absent
 * @throws ConfigInvalid with every problem found
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  own: { readonly hostName: string; readonly pid: number },
): SidecarConfig {
  // An empty variable means "not set": compose files and unit files often write NAME= for that.
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value !== "") given[name] = value;
  }
  const parsed = environment.safeParse(given);
  const read = readDatabases(given, (path) => readFileSync(path, "utf8"));
  const problems = [
    ...(read.kind === "invalid" ? read.problems : []),
    ...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${issue.message}`),
  ];
  if (read.kind === "invalid" || !parsed.success) {
    throw new ConfigInvalid(problems.map((problem) => `IM_CONFIG_INVALID: ${problem}`).join("\n"));
  }
  const value = parsed.data;
  return {
    databases: read.databases,
    amqpUrl: value.AMQP_URL,
    http: { host: value.HTTP_HOST, port: value.HTTP_PORT },
    pollIntervalMs: value.POLL_INTERVAL_MS,
    // Two on one host have different ports, and one that starts again has the name it had.
    workerName: value.WORKER_NAME ?? `${own.hostName}:${value.HTTP_PORT === 0 ? own.pid : value.HTTP_PORT}`,
    maxInFlight: value.MAX_IN_FLIGHT,
    logLevel: value.LOG_LEVEL,
  };
}

const environment = z.object({
  AMQP_URL: secretSetting("an amqp(s) URL", "amqp://user:password@rabbitmq:5672/", isAmqpUrl),
  HTTP_HOST: textSetting("a host name or address to listen on", "127.0.0.1", isText).default("127.0.0.1"),
  HTTP_PORT: integerSetting(8070, 0, 65_535),
  POLL_INTERVAL_MS: integerSetting(2000, 100, 30_000),
  MAX_IN_FLIGHT: integerSetting(256, 1, 65_535),
  WORKER_NAME: textSetting("a name without surrounding spaces", "sidecar-1", isText).optional(),
  LOG_LEVEL: choiceSetting(logLevels, "info"),
});
