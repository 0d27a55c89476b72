/**
 * The sidecar's process: configuration, signals, exit codes, and the loop
 *
 *   knocking ── handshake ──▶ session ── environment changed ──▶ knocking
 *      └─ neutralized ──▶ standing by ──▶ knocking
 *
 * Exit codes: 0 after SIGTERM or SIGINT, 1 after a broken assumption, 2 for a configuration nobody can run.
 */
import "./thread_pool.ts";
import os from "node:os";
import packageFile from "../../package.json" with { type: "json" };
import { createLogger } from "./adapters/logger.ts";
import { createMetrics } from "./adapters/metrics.ts";
import { createOdooDoor, createTransport } from "./adapters/odoo_door.ts";
import { createOdooWakeUp } from "./adapters/odoo_wake_up.ts";
import { startOperatorServer } from "./adapters/operator_server.ts";
import type { RabbitMqBroker } from "./adapters/rabbitmq/rabbitmq_broker.ts";
import { systemClock as clock } from "./adapters/system_clock.ts";
import { ConfigInvalid, readConfig, type SidecarConfig } from "./config.ts";
import { backoffMs } from "./domain/backoff.ts";
import { RequestBudget } from "./pipeline/request_budget.ts";
import { untilAborted } from "./pipeline/until_aborted.ts";
import { describeError, type LogPort } from "./ports/log.ts";
import { type Handshake, type OdooPort, OdooRefused } from "./ports/odoo.ts";
import { runSession } from "./session.ts";

const { version } = packageFile;
const callTimeoutMs = 30_000;
const standByMs = 10_000;
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
  const { odoo: access, workerName: worker } = config;
  const transport = createTransport(access.transport, { ...access, callTimeoutMs });
  const odoo = createOdooDoor(transport);
  const wakeUp = createOdooWakeUp({ url: access.url, database: access.database, clock, log });
  let broker: RabbitMqBroker | undefined;
  let isOdooUp = false;
  const metrics = createMetrics(() => broker?.isConnected ?? false);
  const observer = {
    ...metrics.observer,
    setOdooUp(isUp: boolean) {
      isOdooUp = isUp;
      metrics.observer.setOdooUp(isUp);
    },
  };
  const server = await startOperatorServer({
    ...config.http,
    readReadiness: () => ({ parts: { odoo: isOdooUp, broker: broker?.isConnected ?? false } }),
    renderMetrics: metrics.render,
  });

  while (!stop.aborted) {
    const handshake = await knock(odoo, worker, log, stop, observer.setOdooUp);
    if (handshake === undefined) break;
    if (handshake.isNeutralized) {
      await standBy(handshake, log, stop);
      continue;
    }
    const { environmentUuid, database, odooVersion } = handshake;
    await runSession(
      {
        odoo,
        wakeUp,
        amqpUrl: config.amqpUrl,
        pollIntervalMs: config.pollIntervalMs,
        worker,
        version,
        clock,
        log,
        observer,
        budget: new RequestBudget(config.maxInFlight),
        countParked: metrics.countParked,
        onBroker: (current) => {
          broker = current;
        },
        onReady: () =>
          log.info("sidecar.ready", {
            version,
            database,
            odoo_version: odooVersion,
            environment_uuid: environmentUuid,
            transport: transport.name,
            http_port: server.port,
          }),
      },
      handshake,
      stop,
    );
  }
  await Promise.all([server.close(), transport.close()]);
}

/** Tries until Odoo answers; undefined when the signal aborts first. */
async function knock(
  odoo: OdooPort,
  worker: string,
  log: LogPort,
  stop: AbortSignal,
  setOdooUp: (isUp: boolean) => void,
): Promise<Handshake | undefined> {
  for (let failureCount = 0; !stop.aborted; ) {
    try {
      let handshake: Handshake | undefined;
      const answered = odoo.handshake(worker, version).then((answer) => {
        handshake = answer;
      });
      await untilAborted(answered, stop);
      setOdooUp(handshake !== undefined);
      return handshake;
    } catch (error) {
      failureCount += 1;
      setOdooUp(false);
      const level = error instanceof OdooRefused ? "error" : "warn";
      log[level]("sidecar.odoo_away", { reason: describeError(error), failure_count: failureCount });
      await clock.sleep(backoffMs(failureCount, clock.random()), stop);
    }
  }
  return undefined;
}

/** A neutralized copy sends nothing; it may be made a real database again, so we keep asking. */
async function standBy(handshake: Handshake, log: LogPort, stop: AbortSignal): Promise<void> {
  log.warn("sidecar.standing_by", { code: "IM_ODOO_NEUTRALIZED", database: handshake.database });
  await clock.sleep(standByMs, stop);
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
