/**
 * Serves one Odoo database for as long as the process runs, apart from all others: its own session with Odoo, its own
 * names and connections on the broker. Whatever happens to it (away, refused, neutralized, a part that breaks), it
 * tries again by itself, and only the budget of requests is shared.
 *
 *   knocking ── handshake ──▶ session ── environment changed, or a part broke ──▶ knocking
 *      └─ neutralized ──▶ standing by ──▶ knocking
 */
import type { DatabaseMetrics } from "./adapters/metrics.ts";
import { createOdooDoor, createTransport } from "./adapters/odoo_door.ts";
import { createOdooWakeUp } from "./adapters/odoo_wake_up.ts";
import type { DatabaseReadiness } from "./adapters/operator_server.ts";
import type { RabbitMqBroker } from "./adapters/rabbitmq/rabbitmq_broker.ts";
import type { DatabaseConfig } from "./config_databases.ts";
import { backoffMs } from "./domain/backoff.ts";
import type { RequestBudget } from "./pipeline/request_budget.ts";
import { untilAborted } from "./pipeline/until_aborted.ts";
import type { Clock } from "./ports/clock.ts";
import { describeError, type LogPort } from "./ports/log.ts";
import { type Handshake, type OdooPort, OdooRefused } from "./ports/odoo.ts";
import { runSession } from "./session.ts";

const callTimeoutMs = 30_000;
const standByMs = 10_000;

export interface ServedDatabaseParts {
  readonly access: DatabaseConfig;
  readonly amqpUrl: string;
  readonly pollIntervalMs: number;
  readonly worker: string;
  readonly version: string;
  /** Shared by all databases of the process. */
  readonly budget: RequestBudget;
  readonly clock: Clock;
  /** Names the database in every line. */
  readonly log: LogPort;
  /** @param isBrokerUp asked at each scrape */
  createMetrics(isBrokerUp: () => boolean): DatabaseMetrics;
  /** Added to the line that says it is ready. */
  readonly readyFields: Readonly<Record<string, unknown>>;
}

export class ServedDatabase {
  readonly #parts: ServedDatabaseParts;
  readonly #metrics: DatabaseMetrics;
  #broker: RabbitMqBroker | undefined;
  #isOdooUp = false;
  /** Sessions that broke since one became ready. */
  #crashCount = 0;

  constructor(parts: ServedDatabaseParts) {
    this.#parts = parts;
    this.#metrics = parts.createMetrics(() => this.#broker?.isConnected ?? false);
  }

  get readiness(): DatabaseReadiness {
    return { odoo: this.#isOdooUp, broker: this.#broker?.isConnected ?? false };
  }

  /** Resolves after the signal, when what was begun is finished. Never rejects. */
  async run(stop: AbortSignal): Promise<void> {
    const { access, clock, log } = this.#parts;
    const transport = createTransport(access.transport, { ...access, callTimeoutMs });
    const odoo = createOdooDoor(transport);
    while (!stop.aborted) {
      const handshake = await this.#knock(odoo, stop);
      if (handshake === undefined) break;
      if (handshake.isNeutralized) {
        // A neutralized copy sends nothing; it may be made a real database again, so we keep asking.
        log.warn("sidecar.standing_by", { code: "IM_ODOO_NEUTRALIZED" });
        await clock.sleep(standByMs, stop);
        continue;
      }
      try {
        await this.#serve(odoo, handshake, () => transport.name, stop);
      } catch (error) {
        this.#crashCount += 1;
        this.#broker = undefined;
        log.error("session.failed", { reason: describeError(error), failure_count: this.#crashCount });
        await clock.sleep(backoffMs(this.#crashCount, clock.random()), stop);
      }
    }
    await transport.close();
  }

  async #serve(
    odoo: OdooPort,
    handshake: Handshake,
    nameTransport: () => string,
    stop: AbortSignal,
  ): Promise<void> {
    const { access, clock, log, readyFields } = this.#parts;
    const session = {
      ...this.#parts,
      odoo,
      wakeUp: createOdooWakeUp({ url: access.url, database: access.database, clock, log }),
      observer: {
        ...this.#metrics.observer,
        setOdooUp: (isUp: boolean) => this.#setOdooUp(isUp),
      },
      countParked: () => this.#metrics.countParked(),
      onBroker: (broker: RabbitMqBroker | undefined) => {
        this.#broker = broker;
      },
      onReady: () => {
        this.#crashCount = 0;
        log.info("sidecar.ready", {
          ...readyFields,
          version: this.#parts.version,
          odoo_version: handshake.odooVersion,
          environment_uuid: handshake.environmentUuid,
          transport: nameTransport(),
        });
      },
    };
    await runSession(session, handshake, stop);
  }

  /** Tries until Odoo answers; undefined when the signal aborts first. */
  async #knock(odoo: OdooPort, stop: AbortSignal): Promise<Handshake | undefined> {
    const { worker, version, clock, log } = this.#parts;
    for (let failureCount = 0; !stop.aborted; ) {
      try {
        let handshake: Handshake | undefined;
        const answered = odoo.handshake(worker, version).then((answer) => {
          handshake = answer;
        });
        await untilAborted(answered, stop);
        this.#setOdooUp(handshake !== undefined);
        return handshake;
      } catch (error) {
        failureCount += 1;
        this.#setOdooUp(false);
        const level = error instanceof OdooRefused ? "error" : "warn";
        log[level]("sidecar.odoo_away", { reason: describeError(error), failure_count: failureCount });
        await clock.sleep(backoffMs(failureCount, clock.random()), stop);
      }
    }
    return undefined;
  }

  #setOdooUp(isUp: boolean): void {
    this.#isOdooUp = isUp;
    this.#metrics.observer.setOdooUp(isUp);
  }
}
