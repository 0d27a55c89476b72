/**
 * The sidecar's process: configuration, signals, exit codes, and the databases it serves.
 *
 * Exit codes: 0 after SIGTERM or SIGINT, 1 after a broken assumption, 2 for a configuration nobody can run.
 */
import "./thread_pool.ts";
import os from "node:os";
import packageFile from "../../package.json" with { type: "json" };
import { createLogger } from "./adapters/logger.ts";
import { createMetrics } from "./adapters/metrics.ts";
import { startOperatorServer } from "./adapters/operator_server.ts";
import { systemClock as clock } from "./adapters/system_clock.ts";
import { ConfigInvalid, readConfig, type SidecarConfig } from "./config.ts";
import { RequestBudget } from "./pipeline/request_budget.ts";
import { describeError, type LogPort, withFields } from "./ports/log.ts";
import { ServedDatabase } from "./served_database.ts";

const { version } = packageFile;
/** The drain's own deadline is 20 s; whatever hangs beyond it must not hold the process. */
const exitTimeoutMs = 25_000;

async function main(): Promise<void> {
  const config = readConfigOrExit();
  const log = createLogger(config.logLevel, config.workerName);
  const stop = stopOnSignals(log);
  try {
    await runSidecar(config, log, stop);
  } catch (error) {
    log.error("sidecar.failed", { reason: describeError(error) });
    process.exitCode = 1;
  }
  log.info("sidecar.stopped");
  // Kept-alive sockets and timers of libraries would otherwise delay the exit.
  process.exit();
}

async function runSidecar(config: SidecarConfig, log: LogPort, stop: AbortSignal): Promise<void> {
  const metrics = createMetrics();
  const budget = new RequestBudget(config.maxInFlight);
  const served = new Map<string, ServedDatabase>();
  const server = await startOperatorServer({
    ...config.http,
    readReadiness: () =>
      Object.fromEntries([...served].map(([name, database]) => [name, database.readiness])),
    renderMetrics: metrics.render,
  });
  for (const access of config.databases) {
    const { amqpUrl, pollIntervalMs, workerName: worker } = config;
    const database = new ServedDatabase({
      ...{ access, amqpUrl, pollIntervalMs, worker, version, budget, clock },
      log: withFields(log, { database: access.name }),
      createMetrics: (isBrokerUp) => metrics.forDatabase(access.name, isBrokerUp),
      readyFields: { http_port: server.port },
    });
    served.set(access.name, database);
  }
  await Promise.all([...served.values()].map((database) => database.run(stop)));
  await server.close();
}

function readConfigOrExit(): SidecarConfig {
  try {
    return readConfig(process.env, { hostName: os.hostname(), pid: process.pid });
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

function stopOnSignals(log: LogPort): AbortSignal {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    // A second signal means "now": what is unfinished is redelivered after the next start.
    if (stop.signal.aborted) process.exit(1);
    log.info("sidecar.stopping", { signal });
    setTimeout(() => process.exit(1), exitTimeoutMs).unref();
    stop.abort();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  process.on("unhandledRejection", (error) => {
    log.error("sidecar.failed", { reason: describeError(error) });
    process.exit(1);
  });
  return stop.signal;
}

await main();
