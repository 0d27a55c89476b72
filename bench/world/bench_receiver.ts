import { loopback } from "../../stack/ports.ts";
import { planNodeService } from "../../stack/services/node_services.ts";
import type { Stack } from "../../stack/stack.ts";
import type { Supervisor } from "../../stack/supervisor.ts";
import type { Arrival, Behaviour, HookCount } from "../receiver/hook_log.ts";

/** The receiver's process, and what can be asked of it. Hooks come into being by being named. */
export class BenchReceiver {
  readonly #stack: Stack;
  readonly #port: number;

  constructor(stack: Stack, port: number) {
    this.#stack = stack;
    this.#port = port;
  }

  async start(supervisor: Supervisor, signal: AbortSignal): Promise<void> {
    const plan = planNodeService({
      name: "receiver_bench",
      script: "bench/receiver/main.ts",
      port: this.#port,
      readyPath: "/healthz",
      settings: { HTTP_HOST: loopback, HTTP_PORT: String(this.#port) },
      stackDir: this.#stack.paths.dir,
      logDir: this.#stack.paths.logs,
    });
    await supervisor.start(plan, signal);
  }

  hookUrl(hook: string): string {
    return `http://${loopback}:${this.#port}/hooks/${hook}`;
  }

  /** From now on; what is left out is as usual: at once, 204. */
  async behave(hook: string, behaviour: Partial<Behaviour>): Promise<void> {
    await this.#ask(`behaviour/${hook}`, behaviour);
  }

  /** By hook. */
  async readCounts(): Promise<Readonly<Record<string, HookCount>>> {
    return (await this.#ask("counts")) as Record<string, HookCount>;
  }

  /** In the order in which they came. */
  async readArrivals(hook: string): Promise<readonly Arrival[]> {
    return (await this.#ask(`arrivals/${hook}`)) as Arrival[];
  }

  /** Forgets arrivals and behaviours of all hooks. */
  async forget(): Promise<void> {
    await this.#ask("forget", {});
  }

  async #ask(path: string, body?: object): Promise<unknown> {
    const url = `http://${loopback}:${this.#port}/${path}`;
    const init = body === undefined ? {} : { method: "PUT", body: JSON.stringify(body) };
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.json();
  }
}
