import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listAddons } from "./addon_sources.ts";
import { SetupFailure } from "./failure.ts";
import type { Machine } from "./machine.ts";
import { checkoutDir, type StackPaths } from "./paths.ts";
import { loopback } from "./ports.ts";
import { readSecrets, type StackSecrets } from "./secrets.ts";
import { planReceiver, planSidecar } from "./services/node_services.ts";
import { Odoo } from "./services/odoo.ts";
import { forgetKilledServer, planPostgres, postgresDsn, runSql } from "./services/postgres.ts";
import { amqpUrl, planEpmd, planRabbitmq } from "./services/rabbitmq.ts";
import type { StackPorts } from "./stack_ports.ts";
import type { Supervisor } from "./supervisor.ts";

export const serviceLogin = "integration_sidecar";

/** The services of one stack and what can be done with them. Data must exist (see stack_data.ts). */
export class Stack {
  readonly paths: StackPaths;
  readonly ports: StackPorts;
  readonly odoo: Odoo;
  readonly #machine: Machine;
  readonly #supervisor: Supervisor;
  readonly #secrets: StackSecrets;
  readonly #isDurable: boolean;
  readonly #preload: readonly string[];

  constructor(
    machine: Machine,
    paths: StackPaths,
    ports: StackPorts,
    supervisor: Supervisor,
    durability: "durable" | "throw-away",
    preload: readonly string[] = [],
  ) {
    this.#machine = machine;
    this.paths = paths;
    this.ports = ports;
    this.#supervisor = supervisor;
    this.#secrets = readSecrets(paths.secretsFile);
    this.#isDurable = durability === "durable";
    this.#preload = preload;
    this.odoo = new Odoo(machine.odoo, {
      stackDir: paths.dir,
      dataDir: paths.odoo,
      logDir: paths.logs,
      postgresPort: ports.postgres,
      postgresPassword: this.#secrets.postgresPassword,
      secretKey: this.#secrets.odooSecretKey,
    });
  }

  get odooUrl(): string {
    return `http://${loopback}:${this.ports.odoo}`;
  }
  get receiverUrl(): string {
    return `http://${loopback}:${this.ports.receiver}`;
  }
  get sidecarUrl(): string {
    return `http://${loopback}:${this.ports.sidecar}`;
  }
  get amqpUrl(): string {
    return amqpUrl(this.#rabbitmqSettings());
  }
  postgresDsn(database: string): string {
    return postgresDsn(this.#postgresSettings(), database);
  }

  async startPostgres(signal: AbortSignal): Promise<void> {
    // The stack's lock is ours and leftovers have been ended.
    forgetKilledServer(this.paths.postgres);
    await this.#supervisor.start(planPostgres(this.#machine.services, this.#postgresSettings()), signal);
  }

  async startRabbitmq(signal: AbortSignal): Promise<void> {
    const settings = this.#rabbitmqSettings();
    await this.#supervisor.start(planEpmd(this.#machine.services, settings), signal);
    await this.#supervisor.start(planRabbitmq(this.#machine.services, settings), signal);
  }

  async startReceiver(signal: AbortSignal): Promise<void> {
    const { dir: stackDir, logs: logDir, receiver: dataDir } = this.paths;
    await this.#supervisor.start(
      planReceiver({ stackDir, logDir, dataDir, port: this.ports.receiver }),
      signal,
    );
  }

  /** @param others further databases that it serves */
  async startOdoo(database: string, signal: AbortSignal, others: readonly string[] = []): Promise<void> {
    await this.#supervisor.start(this.odoo.planServer(database, this.ports.odoo, "odoo", others), signal);
  }

  async startSidecar(database: string, signal: AbortSignal): Promise<void> {
    const plan = planSidecar({
      stackDir: this.paths.dir,
      logDir: this.paths.logs,
      port: this.ports.sidecar,
      odooUrl: this.odooUrl,
      database,
      login: serviceLogin,
      apiKey: this.apiKey(database),
      amqpUrl: this.amqpUrl,
    });
    await this.#supervisor.start(plan, signal);
  }

  /** Service account and its key; with a running receiver also the sample endpoints and their secrets. */
  async prepareDatabase(
    database: string,
    receiverUrl: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const key_file = this.#keyFile(database);
    const parameters = { key_file, odoo_url: this.odooUrl, receiver_url: receiverUrl };
    await this.odoo.runScript(database, join(checkoutDir, "stack/odoo_setup.py"), parameters, signal);
    if (!existsSync(this.#keyFile(database))) {
      throw new SetupFailure(`Odoo made no API key; see ${join(this.paths.logs, "odoo_setup.log")}`);
    }
  }

  /** Key of the service account in that database, as `prepareDatabase` stored it. */
  apiKey(database: string): string {
    return readFileSync(this.#keyFile(database), "utf8").trim();
  }

  async sql(database: string, text: string, signal: AbortSignal): Promise<string> {
    return runSql(this.#machine.services, this.#postgresSettings(), database, text, signal);
  }

  /** A copy of a database with its attachments, in place of one of that name. Nobody may be connected. */
  async copyDatabase(from: string, to: string, signal: AbortSignal): Promise<void> {
    await this.sql("postgres", `DROP DATABASE IF EXISTS ${to}`, signal);
    await this.sql("postgres", `CREATE DATABASE ${to} TEMPLATE ${from}`, signal);
    // A copied sequence believes that its next values are in the log already, until there was a checkpoint: a crash
    // before would give out the same numbers again.
    await this.sql("postgres", "CHECKPOINT", signal);
    const filestore = join(this.paths.odoo, "filestore");
    rmSync(join(filestore, to), { recursive: true, force: true });
    if (existsSync(join(filestore, from)))
      cpSync(join(filestore, from), join(filestore, to), { recursive: true });
  }

  /** Installs our addons (all but `without`), and updates them where asked; then checks that they are in. */
  async installAddons(
    database: string,
    choice: { readonly without: readonly string[]; readonly update: readonly string[] },
    signal: AbortSignal,
  ): Promise<void> {
    const addons = listAddons().filter((name) => !choice.without.includes(name));
    await this.odoo.install(database, { install: addons, update: choice.update }, signal);
    // Odoo ignores an addon it cannot find or install with a warning only.
    const query = "SELECT name FROM ir_module_module WHERE state = 'installed'";
    const installed = new Set((await this.sql(database, query, signal)).split("\n"));
    const missing = addons.filter((name) => !installed.has(name));
    if (missing.length > 0) {
      const log = join(this.paths.logs, "odoo_install.log");
      throw new SetupFailure(`Odoo did not install ${missing.join(", ")}; see ${log}`);
    }
  }

  #keyFile(database: string): string {
    return join(this.paths.dir, `api_key_${database}`);
  }

  #postgresSettings() {
    return {
      stackDir: this.paths.dir,
      dataDir: this.paths.postgres,
      port: this.ports.postgres,
      password: this.#secrets.postgresPassword,
      logFile: join(this.paths.logs, "postgres.log"),
      isDurable: this.#isDurable,
      preload: this.#preload,
    };
  }

  #rabbitmqSettings() {
    return {
      stackDir: this.paths.dir,
      dataDir: this.paths.rabbitmq,
      port: this.ports.amqp,
      distributionPort: this.ports.erlangDistribution,
      epmdPort: this.ports.epmd,
      password: this.#secrets.amqpPassword,
      cookie: this.#secrets.erlangCookie,
      logDir: this.paths.logs,
    };
  }
}
