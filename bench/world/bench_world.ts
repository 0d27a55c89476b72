import { sampleAddon } from "../../stack/addon_sources.ts";
import { prepareMachine } from "../../stack/machine.ts";
import { OdooSession } from "../../stack/odoo_session.ts";
import { stackPaths } from "../../stack/paths.ts";
import { loopback, PortChooser } from "../../stack/ports.ts";
import type { PrivateRun } from "../../stack/private_run.ts";
import { runStep } from "../../stack/progress.ts";
import { type NodeService, planNodeService, planSidecar } from "../../stack/services/node_services.ts";
import { Stack, serviceLogin } from "../../stack/stack.ts";
import { ensureStackData } from "../../stack/stack_data.ts";
import { chooseStackPorts } from "../../stack/stack_ports.ts";
import type { Supervisor } from "../../stack/supervisor.ts";
import { baseDatabase } from "../../stack/template_cluster.ts";
import { BenchReceiver } from "./bench_receiver.ts";
import { createEndpoints, fillPending, type PendingPlan } from "./pending_deliveries.ts";

export interface RunningSidecar {
  readonly name: string;
  readonly pid: number;
  /** Where /metrics, /healthz and /readyz are. */
  readonly url: string;
}

const database = "bench";
/** The database as every measure finds it that asks for a fresh one. */
const untouched = "bench_untouched";

/**
 * The product with its own bench receiver, private to the run. Nothing runs at first: a measure says what it needs, and
 * what was started once stays for those after it. PostgreSQL keeps what it commits, as in production, and counts its
 * statements (pg_stat_statements).
 */
export class BenchWorld {
  readonly stack: Stack;
  readonly receiver: BenchReceiver;
  readonly database = database;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly #supervisor: Supervisor;
  readonly #chooser: PortChooser;
  readonly #admin: OdooSession;

  private constructor(run: PrivateRun, stack: Stack, chooser: PortChooser, port: number, rounds: number) {
    this.stack = stack;
    this.receiver = new BenchReceiver(stack, port);
    this.rounds = rounds;
    this.signal = run.signal;
    this.#supervisor = run.supervisor;
    this.#chooser = chooser;
    this.#admin = new OdooSession(stack.odooUrl, database, "admin");
  }

  static async plan(run: PrivateRun, rounds: number): Promise<BenchWorld> {
    const machine = await prepareMachine("run", run.signal);
    const paths = stackPaths(run.dir);
    await ensureStackData(machine, paths, run.signal);
    const chooser = new PortChooser();
    const ports = await chooseStackPorts(chooser, {}, {});
    const stack = new Stack(machine, paths, ports, run.supervisor, "durable", ["pg_stat_statements"]);
    return new BenchWorld(run, stack, chooser, await chooser.choose("the bench receiver", undefined), rounds);
  }

  /** RabbitMQ. */
  async needBroker(): Promise<void> {
    if (this.#isRunning("rabbitmq")) return;
    await runStep("RabbitMQ", () => this.stack.startRabbitmq(this.signal));
  }

  /** `kill -9` of RabbitMQ; its data stays. */
  async killBroker(): Promise<void> {
    const broker = this.#supervisor.find("rabbitmq");
    broker?.kill();
    await broker?.stop();
  }

  /** Starts the killed RabbitMQ. Resolves when it says that it is up, which is later than its first connection. */
  async startBrokerAgain(): Promise<void> {
    await this.#supervisor.find("rabbitmq")?.start(this.signal);
  }

  async needReceiver(): Promise<void> {
    if (this.#isRunning("receiver_bench")) return;
    await this.receiver.start(this.#supervisor, this.signal);
  }

  /** Everything but sidecars: PostgreSQL, RabbitMQ, receiver, and Odoo with our addons on a database of its own. */
  async needOdoo(): Promise<void> {
    await this.needBroker();
    await this.needReceiver();
    if (this.#isRunning("odoo")) return;
    await runStep("PostgreSQL", () => this.stack.startPostgres(this.signal));
    await runStep("database with our addons", async () => {
      await this.stack.copyDatabase(baseDatabase, database, this.signal);
      await this.stack.installAddons(database, { without: [sampleAddon], update: [] }, this.signal);
      await this.stack.prepareDatabase(database, undefined, this.signal);
      await this.sql("CREATE EXTENSION pg_stat_statements");
      await this.stack.copyDatabase(database, untouched, this.signal);
    });
    await runStep("Odoo", () => this.stack.startOdoo(database, this.signal));
  }

  /** As `needOdoo`, and whatever earlier measures did to the database is gone. No sidecar may run. */
  async needFreshOdoo(): Promise<void> {
    const wasRunning = this.#isRunning("odoo");
    await this.needOdoo();
    if (!wasRunning) return;
    await runStep("fresh database", async () => {
      await this.#supervisor.remove("odoo");
      await this.stack.copyDatabase(untouched, database, this.signal);
      await this.stack.startOdoo(database, this.signal);
    });
  }

  /** Starts a sidecar and waits until Odoo and the broker have it. `env` adds to and replaces its settings. */
  async startSidecar(name = "sidecar", env: Readonly<Record<string, string>> = {}): Promise<RunningSidecar> {
    const port = await this.#chooser.choose(`the sidecar ${name}`, undefined);
    const plan = planSidecar({
      stackDir: this.stack.paths.dir,
      logDir: this.stack.paths.logs,
      port,
      odooUrl: this.stack.odooUrl,
      database,
      login: serviceLogin,
      apiKey: this.stack.apiKey(database),
      amqpUrl: this.stack.amqpUrl,
      name,
      env,
    });
    await this.#supervisor.start(plan, this.signal);
    return { name, pid: this.pidOf(name), url: `http://${loopback}:${port}` };
  }

  /** Starts a script of the checkout that serves /healthz on HTTP_HOST:HTTP_PORT; returns its URL. */
  async startScript(
    service: Pick<NodeService, "name" | "script" | "settings" | "nodeOptions">,
  ): Promise<string> {
    const port = await this.#chooser.choose(service.name, undefined);
    const plan = planNodeService({
      ...service,
      settings: { HTTP_HOST: loopback, HTTP_PORT: String(port), ...service.settings },
      port,
      readyPath: "/healthz",
      stackDir: this.stack.paths.dir,
      logDir: this.stack.paths.logs,
    });
    await this.#supervisor.start(plan, this.signal);
    return `http://${loopback}:${port}`;
  }

  /** Stops a sidecar or script by its name. */
  async stop(name: string): Promise<void> {
    await this.#supervisor.remove(name);
  }

  /** Process number of a running service: postgres, rabbitmq, odoo, receiver_bench or a sidecar's name. */
  pidOf(name: string): number {
    const pid = this.#supervisor.find(name)?.pid;
    if (pid === undefined) throw new Error(`expected ${name} to run, but it does not`);
    return pid;
  }

  /** SQL on the bench's database; the rows as psql prints them unadorned. */
  sql(text: string): Promise<string> {
    return this.stack.sql(database, text, this.signal);
  }

  /** Calls a public method of Odoo as its administrator. Throws when Odoo refuses. */
  call<T>(model: string, method: string, args: readonly unknown[], kwargs: object = {}): Promise<T> {
    return this.#admin.read<T>(model, method, args, kwargs, this.signal);
  }

  /** Active endpoints, one per hook of the receiver; `values` are fields of integration.endpoint. */
  createEndpoints(hooks: readonly string[], values: object = {}): Promise<readonly number[]> {
    return createEndpoints(
      this,
      hooks.map((hook) => this.receiver.hookUrl(hook)),
      values,
    );
  }

  /** Pending deliveries in bulk, as the product would make them one by one. No sidecar may run. */
  fillPending(plan: PendingPlan): Promise<void> {
    return fillPending(this, plan);
  }

  /** Looks again until `isSo` says yes. Throws after `deadlineMs`, naming what was waited for. */
  async until(what: string, deadlineMs: number, isSo: () => Promise<boolean>, everyMs = 100): Promise<void> {
    const startedAt = performance.now();
    while (!(await isSo())) {
      this.signal.throwIfAborted();
      if (performance.now() - startedAt > deadlineMs) {
        throw new Error(`expected ${what} within ${deadlineMs / 1000} s, and it did not come`);
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  #isRunning(name: string): boolean {
    return this.#supervisor.find(name)?.isRunning ?? false;
  }
}
