/** One process that applies mappings, seen from the sidecar: one request at a time, each with a deadline. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MappingOutcome } from "../../domain/mapping.ts";
import type { MappingRequest } from "./mapping_process.ts";

/** late: it took longer than allowed and was killed. lost: the process ended while it worked. */
export type MappingRun = MappingOutcome | { readonly kind: "late" } | { readonly kind: "lost" };

/** The process is not there, or no longer: what was asked was not worked on. */
export class MappingUnavailable extends Error {}

const entry = fileURLToPath(new URL("./mapping_process.ts", import.meta.url));
/** In MB. Enough for the largest event many times over. */
const heapMb = 256;

export class MappingChild {
  #child: ChildProcess | undefined;
  /** Called when the process ends; set while a request is under way. */
  #onExit: (() => void) | undefined;

  /** Undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @param deadlineMs from the moment the process has started */
  async run(request: MappingRequest, deadlineMs: number): Promise<MappingRun> {
    const child = this.#child ?? (await this.#start());
    return new Promise<MappingRun>((resolve, reject) => {
      const timer = setTimeout(() => {
        finish({ kind: "late" });
        this.stop();
      }, deadlineMs);
      const finish = (run: MappingRun | MappingUnavailable) => {
        clearTimeout(timer);
        child.off("message", onMessage);
        this.#onExit = undefined;
        if (run instanceof MappingUnavailable) reject(run);
        else resolve(run);
      };
      // Our own program answers, in this very shape.
      const onMessage = (answer: unknown) => finish(answer as MappingOutcome);
      this.#onExit = () => finish({ kind: "lost" });
      child.on("message", onMessage);
      child.send(request, (error) => {
        if (error) finish(new MappingUnavailable(`the process takes no work: ${error.message}`));
      });
    });
  }

  stop(): void {
    this.#child?.kill("SIGKILL");
    this.#forget(this.#child);
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(entry, [String(process.pid)], {
      // Nothing of ours: the environment holds the key to Odoo.
      env: { TZ: "UTC" },
      execArgv: [`--max-old-space-size=${heapMb}`, "--max-semi-space-size=4"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(new MappingUnavailable(error.message)));
    });
    child.on("error", () => this.#forget(child));
    child.once("exit", () => this.#forget(child));
    this.#child = child;
    return child;
  }

  #forget(child: ChildProcess | undefined): void {
    if (child === undefined || child !== this.#child) return;
    this.#child = undefined;
    this.#onExit?.();
  }
}
