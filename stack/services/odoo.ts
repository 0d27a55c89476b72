import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runCommand } from "../command.ts";
import { SetupFailure } from "../failure.ts";
import type { OdooPackage } from "../packages/odoo_package.ts";
import { cacheDir, checkoutDir } from "../paths.ts";
import { loopback } from "../ports.ts";
import { answersOk, type ProcessPlan, stackMarker } from "../service_process.ts";
import { postgresUser } from "./postgres.ts";

export interface OdooSettings {
  readonly stackDir: string;
  /** Attachments and sessions. */
  readonly dataDir: string;
  readonly logDir: string;
  readonly postgresPort: number;
  readonly postgresPassword: string;
  /** Base64 of 32 bytes, see docs/operating.md. */
  readonly secretKey: string;
}

const python = "/usr/bin/python3";
const installDeadlineMs = 15 * 60_000;
const testDeadlineMs = 12 * 60_000;

/** Odoo 19 on one PostgreSQL: one-off runs and a server. */
export class Odoo {
  readonly #package: OdooPackage;
  readonly #settings: OdooSettings;
  readonly #configFile: string;

  constructor(odooPackage: OdooPackage, settings: OdooSettings) {
    this.#package = odooPackage;
    this.#settings = settings;
    this.#configFile = join(settings.stackDir, "odoo.conf");
    mkdirSync(settings.dataDir, { recursive: true });
    this.#writeConfig();
  }

  /** Installs and updates addons, then ends. Throws SetupFailure with the last log lines. */
  async install(
    database: string,
    addons: { readonly install: readonly string[]; readonly update?: readonly string[] },
    signal: AbortSignal,
  ): Promise<void> {
    const args = ["-d", database, "--no-http", "--stop-after-init", "-i", addons.install.join(",")];
    if (addons.update && addons.update.length > 0) args.push("-u", addons.update.join(","));
    const logFile = join(this.#settings.logDir, "odoo_install.log");
    const run = await runCommand(python, ["-m", "odoo", "-c", this.#configFile, ...args], {
      env: this.#environment(),
      cwd: this.#settings.stackDir,
      logFile,
      deadlineMs: installDeadlineMs,
      signal,
    });
    if (run.exitCode !== 0) throw odooFailure("Odoo failed", run.stderr, logFile);
  }

  /**
   * Runs the tests of the given tags while installing the addons, on a database without them.
   * Returns the log; failed tests are in it and are no error here.
   */
  async runTests(
    database: string,
    run: { readonly addons: readonly string[]; readonly tags: string; readonly httpPort: number },
    signal: AbortSignal,
  ): Promise<string> {
    const address = [
      `--http-interface=${loopback}`,
      `--http-port=${run.httpPort}`,
      `--db-filter=^${database}$`,
    ];
    const args = ["-d", database, "-i", run.addons.join(","), "--test-tags", run.tags, "--stop-after-init"];
    const result = await runCommand(python, ["-m", "odoo", "-c", this.#configFile, ...args, ...address], {
      env: this.#environment(),
      cwd: this.#settings.stackDir,
      logFile: join(this.#settings.logDir, "odoo_tests.log"),
      deadlineMs: testDeadlineMs,
      signal,
    });
    return result.stderr;
  }

  /** Runs a Python script inside `odoo shell`. `parameters` reach it as JSON in STACK_PARAMETERS. */
  async runScript(database: string, file: string, parameters: object, signal: AbortSignal): Promise<void> {
    const logFile = join(this.#settings.logDir, "odoo_setup.log");
    const args = ["-m", "odoo", "shell", "-c", this.#configFile, "-d", database, "--no-http"];
    const run = await runCommand(python, args, {
      env: { ...this.#environment(), STACK_PARAMETERS: JSON.stringify(parameters) },
      cwd: this.#settings.stackDir,
      input: readFileSync(file, "utf8"),
      logFile,
      signal,
    });
    if (run.exitCode !== 0) throw odooFailure(`${file} failed in Odoo`, run.stderr || run.stdout, logFile);
  }

  /** @param others further databases that it serves */
  planServer(database: string, port: number, name = "odoo", others: readonly string[] = []): ProcessPlan {
    const databases = [database, ...others];
    const filter = `--db-filter=^(${databases.join("|")})$`;
    const address = [`--http-interface=${loopback}`, `--http-port=${port}`];
    return {
      name,
      program: python,
      args: ["-m", "odoo", "-c", this.#configFile, "-d", databases.join(","), filter, ...address],
      env: this.#environment(),
      cwd: this.#settings.stackDir,
      logFile: join(this.#settings.logDir, `${name}.log`),
      stopSignal: "SIGTERM",
      stopDeadlineMs: 15_000,
      readyDeadlineMs: 120_000,
      // The login page needs the database's registry; /web/health answers before that is loaded.
      probe: answersOk(`http://${loopback}:${port}/web/login`, { "x-odoo-database": database }),
    };
  }

  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(PYTHON|PG|ODOO)/.test(name));
    return {
      ...Object.fromEntries(inherited),
      PYTHONPATH: this.#package.pythonPath,
      // Compiled Python goes to the cache, not beside the sources of the checkout.
      PYTHONPYCACHEPREFIX: join(cacheDir(), "python"),
      PYTHONUNBUFFERED: "1",
      HOME: this.#settings.dataDir,
      [stackMarker]: this.#settings.stackDir,
    };
  }

  /** The checkout's odoo.conf with the private addresses and folders; in a file, so no secret is in `ps`. */
  #writeConfig(): void {
    const { dataDir, postgresPort, postgresPassword, secretKey } = this.#settings;
    const own: Record<string, string> = {
      addons_path: `${this.#package.addonsPath},${join(checkoutDir, "odoo_addon")}`,
      data_dir: dataDir,
      db_host: loopback,
      db_port: String(postgresPort),
      db_user: postgresUser,
      db_password: postgresPassword,
      integration_monitor_secret_key: secretKey,
    };
    const shared = readFileSync(join(checkoutDir, "odoo.conf"), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith(";"))
      .filter((line) => !(line.split("=")[0]?.trim() ?? "").match(/^(addons_path|data_dir|db_\w+)$/));
    const lines = [...shared, ...Object.entries(own).map(([key, value]) => `${key} = ${value}`)];
    writeFileSync(this.#configFile, `${lines.join("\n")}\n`, { mode: 0o600 });
  }
}

function odooFailure(what: string, log: string, logFile: string): SetupFailure {
  return new SetupFailure(`${what}. Its last log lines:\n${lastLines(log, 20)}\nWhole log: ${logFile}`);
}
