import { join } from "node:path";
import { listAddons } from "../addon_sources.ts";
import { serveControl } from "../control.ts";
import type { Machine } from "../machine.ts";
import type { StackPaths } from "../paths.ts";
import { loopback, type PortChooser } from "../ports.ts";
import { runStep } from "../progress.ts";
import { Stack, serviceLogin } from "../stack.ts";
import { ensureStackData } from "../stack_data.ts";
import { chooseStackPorts } from "../stack_ports.ts";
import { describeStack, writeState } from "../stack_state.ts";
import type { Supervisor } from "../supervisor.ts";
import { baseDatabase } from "../template_cluster.ts";
import { runChaosPhase } from "./chaos_phase.ts";
import { runE2ePhase } from "./e2e_phase.ts";
import { judgeOdooLog } from "./odoo_log.ts";
import type { PhaseResult } from "./phase.ts";
import { runVitestPhase } from "./vitest_phase.ts";

const readyDatabase = "ready";
const vitestDatabase = "vitest";
const secondVitestDatabase = "vitest_second";
const odooTestDatabase = "odoo_tests";
const e2eDatabase = "e2e";
const chaosDatabase = "chaos";
const darkTheme = join(import.meta.dirname, "dark_theme.py");

/**
 * A throw-away stack for the tests. PostgreSQL, RabbitMQ and the receiver run throughout; each phase has a
 * database of its own, and Odoo and the sidecar run only while a phase needs them.
 */
export class TestBed {
  readonly #machine: Machine;
  readonly #stack: Stack;
  readonly #supervisor: Supervisor;
  readonly #odooTestPort: number;

  private constructor(machine: Machine, stack: Stack, supervisor: Supervisor, odooTestPort: number) {
    this.#machine = machine;
    this.#stack = stack;
    this.#supervisor = supervisor;
    this.#odooTestPort = odooTestPort;
  }

  static async setUp(
    machine: Machine,
    paths: StackPaths,
    chooser: PortChooser,
    supervisor: Supervisor,
    signal: AbortSignal,
  ): Promise<TestBed> {
    await ensureStackData(machine, paths, signal);
    const ports = await chooseStackPorts(chooser, {}, {});
    const stack = new Stack(machine, paths, ports, supervisor, "throw-away");
    await runStep("PostgreSQL, RabbitMQ and the sample receiver", async () => {
      await stack.startPostgres(signal);
      await stack.startRabbitmq(signal);
      await stack.startReceiver(signal);
    });
    return new TestBed(machine, stack, supervisor, await chooser.choose("Odoo's tests", undefined));
  }

  /** Against a real broker and a real Odoo; no sidecar runs, the tests play its part. */
  async runVitest(signal: AbortSignal): Promise<PhaseResult> {
    await this.#copyReadyDatabase(vitestDatabase, signal);
    await this.#stack.prepareDatabase(vitestDatabase, undefined, signal);
    // With the same service account and key, so no second preparation is needed.
    await this.#stack.copyDatabase(vitestDatabase, secondVitestDatabase, signal);
    await runStep("Odoo", () => this.#stack.startOdoo(vitestDatabase, signal, [secondVitestDatabase]));
    try {
      const coordinates = {
        IM_TEST_ODOO_SECOND_DATABASE: secondVitestDatabase,
        IM_TEST_ODOO_URL: this.#stack.odooUrl,
        IM_TEST_ODOO_DATABASE: vitestDatabase,
        IM_TEST_ODOO_LOGIN: serviceLogin,
        IM_TEST_ODOO_API_KEY: this.#stack.apiKey(vitestDatabase),
        IM_TEST_ODOO_ADMIN_PASSWORD: "admin",
        IM_TEST_AMQP_URL: this.#stack.amqpUrl,
      };
      return await runVitestPhase(coordinates, this.#stack.paths.logs, signal);
    } finally {
      await this.#supervisor.remove("odoo");
    }
  }

  /** The addons' own tests, on a database they are being installed into; browser tests included. */
  async runOdooTests(tags: string | undefined, signal: AbortSignal): Promise<PhaseResult> {
    await this.#stack.copyDatabase(baseDatabase, odooTestDatabase, signal);
    const addons = listAddons();
    const allTags = addons.map((name) => `/${name}`).join(",");
    const run = { addons, tags: tags ?? allTags, httpPort: this.#odooTestPort };
    const log = await runStep("Odoo tests of the addons, in a browser too", () =>
      this.#stack.odoo.runTests(odooTestDatabase, run, signal),
    );
    return judgeOdooLog(log, tags === undefined);
  }

  /** People's ways through the product, in a browser, against everything; all, or those of some files. */
  async runE2e(
    signal: AbortSignal,
    { files = [], isDark = false }: { files?: readonly string[]; isDark?: boolean } = {},
  ): Promise<PhaseResult> {
    const { paths, ports, receiverUrl } = this.#stack;
    await this.#copyReadyDatabase(e2eDatabase, signal);
    await this.#stack.prepareDatabase(e2eDatabase, receiverUrl, signal);
    if (isDark) await this.#stack.odoo.runScript(e2eDatabase, darkTheme, {}, signal);
    await runStep("Odoo", () => this.#stack.startOdoo(e2eDatabase, signal));
    const control = await serveControl(ports.control, this.#supervisor, signal);
    try {
      await runStep("sidecar", () => this.#stack.startSidecar(e2eDatabase, signal));
      const controlUrl = `http://${loopback}:${ports.control}`;
      writeState(paths.stateFile, await describeStack(this.#stack, e2eDatabase, controlUrl, signal));
      return await runE2ePhase(paths.stateFile, paths.logs, signal, files);
    } finally {
      control.close();
      control.closeAllConnections();
      await this.#supervisor.remove("sidecar");
      await this.#supervisor.remove("odoo");
    }
  }

  /** Business under kills. Last, because it leaves servers behind that were killed. */
  async runChaos(
    chooser: PortChooser,
    crashes: readonly string[],
    signal: AbortSignal,
  ): Promise<PhaseResult> {
    await this.#copyReadyDatabase(chaosDatabase, signal);
    await this.#stack.prepareDatabase(chaosDatabase, undefined, signal);
    // A throw-away PostgreSQL may lose what it committed when it is killed; here that must not happen.
    await this.#supervisor.remove("postgres");
    const { paths, ports } = this.#stack;
    const stack = new Stack(this.#machine, paths, ports, this.#supervisor, "durable");
    await runStep("durable PostgreSQL", () => stack.startPostgres(signal));
    return runChaosPhase(stack, chaosDatabase, this.#supervisor, chooser, crashes, signal);
  }

  /** Installing the addons takes longer than copying, so it is done once. */
  async #copyReadyDatabase(name: string, signal: AbortSignal): Promise<void> {
    const query = `SELECT count(*) FROM pg_database WHERE datname = '${readyDatabase}'`;
    if ((await this.#stack.sql("postgres", query, signal)) === "0") {
      await runStep("database with our addons and sample data", async () => {
        await this.#stack.copyDatabase(baseDatabase, readyDatabase, signal);
        await this.#stack.installAddons(readyDatabase, { without: [], update: [] }, signal);
      });
    }
    await this.#stack.copyDatabase(readyDatabase, name, signal);
  }
}
