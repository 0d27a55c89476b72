import { stopCommands } from "./command.ts";
import { messageOf } from "./failure.ts";
import { endStackProcesses } from "./leftovers.ts";
import { runStep } from "./progress.ts";
import { type ProcessPlan, ServiceProcess } from "./service_process.ts";

/**
 * The services of one stack in the order they were started.
 *
 * Stops them in reverse order, whether start-up finished or not, and then makes sure that no process is left.
 */
export class Supervisor {
  readonly #dir: string;
  readonly #services = new Map<string, ServiceProcess>();
  readonly #onCrash: (message: string) => void;

  constructor(dir: string, onCrash: (message: string) => void) {
    this.#dir = dir;
    this.#onCrash = onCrash;
  }

  get names(): string[] {
    return [...this.#services.keys()];
  }

  async start(plan: ProcessPlan, signal: AbortSignal): Promise<void> {
    const service = new ServiceProcess(plan, this.#onCrash);
    this.#services.set(plan.name, service);
    await service.start(signal);
  }

  find(name: string): ServiceProcess | undefined {
    return this.#services.get(name);
  }

  /** Stops one service and forgets it. */
  async remove(name: string): Promise<void> {
    await this.#services.get(name)?.stop();
    this.#services.delete(name);
  }

  async stopAll(): Promise<void> {
    stopCommands();
    for (const [name, service] of [...this.#services].reverse()) {
      if (!service.isRunning) continue;
      try {
        await runStep(`stopping ${name}`, () => service.stop());
      } catch (error) {
        console.error(`${name} could not be stopped: ${messageOf(error)}`);
      }
    }
    if (this.#services.size > 0) await endStackProcesses(this.#dir);
  }

  killAll(): void {
    stopCommands();
    for (const service of this.#services.values()) service.kill();
  }
}
