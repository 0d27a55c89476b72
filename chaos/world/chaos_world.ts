import { join } from "node:path";
import { SetupFailure } from "../../stack/failure.ts";
import { loopback, type PortChooser } from "../../stack/ports.ts";
import { answersOk, type ProcessPlan } from "../../stack/service_process.ts";
import { planSidecar } from "../../stack/services/node_services.ts";
import { type Stack, serviceLogin } from "../../stack/stack.ts";
import type { Supervisor } from "../../stack/supervisor.ts";
import { type HostileReceiverSettings, planHostileReceiver } from "./hostile_receiver_plan.ts";
import type { Target } from "./kill_plan.ts";
import { killBackend, killServer } from "./postgres_kill.ts";

interface ChaosPorts {
  readonly receiver: number;
  readonly sidecar: number;
  readonly sidecarB: number;
}

export interface WorldSettings {
  readonly database: string;
  readonly seed: number;
  /** Signing secret by hook. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Messages about services that ended without being killed; whoever made the supervisor fills it. */
  readonly crashes: readonly string[];
}

/** One service that was killed, and when it served again. Instants in ms since 1970. */
export interface KillRecord {
  readonly target: Target;
  readonly at: number;
  backAt: number;
}

/** Name of the service that serves again when the target does. */
const serviceOf: Readonly<Record<Target, string>> = {
  sidecar: "sidecar",
  sidecar_b: "sidecar_b",
  rabbitmq: "rabbitmq",
  odoo: "odoo",
  postgres: "postgres",
  postgres_backend: "postgres",
  receiver: "receiver_hostile",
};
const restartDeadlineMs = 150_000;
const retryMs = 500;

/** The product with two sidecars and the hostile receiver, and the means to kill any of it. */
export class ChaosWorld {
  readonly stack: Stack;
  readonly database: string;
  readonly requestLog: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly kills: KillRecord[] = [];
  readonly #crashes: readonly string[];
  readonly #crashCountBefore: number;
  readonly #supervisor: Supervisor;
  readonly #ports: ChaosPorts;
  readonly #seed: number;

  private constructor(stack: Stack, supervisor: Supervisor, ports: ChaosPorts, settings: WorldSettings) {
    this.stack = stack;
    this.#supervisor = supervisor;
    this.#ports = ports;
    this.database = settings.database;
    this.#seed = settings.seed;
    this.secrets = settings.secrets;
    this.#crashes = settings.crashes;
    this.#crashCountBefore = settings.crashes.length;
    this.requestLog = join(stack.paths.dir, "hostile_requests.jsonl");
  }

  static async plan(
    stack: Stack,
    supervisor: Supervisor,
    chooser: PortChooser,
    settings: WorldSettings,
  ): Promise<ChaosWorld> {
    const ports = {
      receiver: await chooser.choose("the hostile receiver", undefined),
      sidecar: stack.ports.sidecar,
      sidecarB: await chooser.choose("the second sidecar", undefined),
    };
    return new ChaosWorld(stack, supervisor, ports, settings);
  }

  /** First line about each service that ended without being killed. */
  get crashes(): string[] {
    return this.#crashes.slice(this.#crashCountBefore).map((message) => message.split("\n", 1)[0] ?? "");
  }

  hookUrl(hook: string): string {
    return `http://${loopback}:${this.#ports.receiver}/hooks/${hook}`;
  }

  async startReceiver(signal: AbortSignal): Promise<void> {
    const settings: HostileReceiverSettings = {
      stackDir: this.stack.paths.dir,
      logDir: this.stack.paths.logs,
      requestLog: this.requestLog,
      port: this.#ports.receiver,
      seed: this.#seed,
      secrets: this.secrets,
    };
    await this.#supervisor.start(planHostileReceiver(settings), signal);
  }

  async startSidecars(signal: AbortSignal): Promise<void> {
    await this.#supervisor.start(this.#planSidecar("sidecar", this.#ports.sidecar), signal);
    await this.#supervisor.start(this.#planSidecar("sidecar_b", this.#ports.sidecarB), signal);
  }

  /** `kill -9`, and again up after `downMs`. Resolves when the service serves again. */
  async killAndRestart(target: Target, downMs: number, signal: AbortSignal): Promise<void> {
    const record: KillRecord = { target, at: Date.now(), backAt: Number.POSITIVE_INFINITY };
    this.kills.push(record);
    if (target === "postgres_backend") await killBackend(this.stack, this.database, signal);
    else await this.#kill(serviceOf[target]);
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.#startAgain(serviceOf[target], signal);
    record.backAt = Date.now();
  }

  /** Stops everything but PostgreSQL, which the audit still reads. */
  async stopAllButDatabase(): Promise<void> {
    for (const name of ["sidecar", "sidecar_b", "receiver_hostile", "odoo"])
      await this.#supervisor.remove(name);
  }

  async #kill(name: string): Promise<void> {
    const service = this.#service(name);
    service.kill();
    await service.stop();
    // Its children lead groups of their own; while one of them lives, the data folder is not free.
    if (name === "postgres") await killServer(this.stack.paths.postgres);
  }

  /** As any service manager does: a start that fails because a neighbour is away is tried again. */
  async #startAgain(name: string, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(restartDeadlineMs)]);
    for (;;) {
      try {
        await this.#service(name).start(limit);
        return;
      } catch (error) {
        if (limit.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  #service(name: string) {
    const service = this.#supervisor.find(name);
    if (!service) throw new SetupFailure(`${name} was never started`);
    return service;
  }

  #planSidecar(name: string, port: number): ProcessPlan {
    const plan = planSidecar({
      stackDir: this.stack.paths.dir,
      logDir: this.stack.paths.logs,
      port,
      odooUrl: this.stack.odooUrl,
      database: this.database,
      login: serviceLogin,
      apiKey: this.stack.apiKey(this.database),
      amqpUrl: this.stack.amqpUrl,
      name,
    });
    return {
      ...plan,
      // Odoo or the broker may be away when it starts, and it has to wait for them by itself.
      probe: answersOk(`http://${loopback}:${port}/healthz`),
    };
  }
}
