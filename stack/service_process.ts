import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { lastLines, signalGroup } from "./command.ts";
import { SetupFailure } from "./failure.ts";

export interface ProcessPlan {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logFile: string;
  /** How the program is asked to end. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopDeadlineMs: number;
  readonly readyDeadlineMs: number;
  /** One look at whether the program serves. Throwing means no; the last error is shown when time is up. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
}

/** Every process the stack starts carries this variable, so that leftovers of a killed stack are found. */
export const stackMarker = "INTEGRATION_MONITOR_STACK";

const probeEveryMs = 150;
const probeDeadlineMs = 5_000;

/**
 * One long-running program of the stack, leading a process group of its own.
 *
 * States: stopped → starting → ready → stopping → stopped. A program that ends by itself while it should
 * run calls `onCrash` with a message for the person.
 */
export class ServiceProcess {
  readonly plan: ProcessPlan;
  readonly #onCrash: (message: string) => void;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #isEndExpected = true;

  constructor(plan: ProcessPlan, onCrash: (message: string) => void) {
    this.plan = plan;
    this.#onCrash = onCrash;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Process number, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the program and waits until it serves. Throws SetupFailure with its last log lines otherwise. */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#child) return;
    const { program, args, env, cwd, logFile } = this.plan;
    const log = openSync(logFile, "a", 0o600);
    const child = spawn(program, args, { env, cwd, detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    this.#child = child;
    this.#isEndExpected = false;
    let isReady = false;
    let end: string | undefined;
    this.#exited = new Promise((resolve) => {
      const onEnd = (how: string) => {
        end ??= how;
        this.#child = undefined;
        // What the program started in its group ends with it.
        signalGroup(child.pid, "SIGKILL");
        if (isReady && !this.#isEndExpected) this.#onCrash(this.#describe(`ended unexpectedly (${how})`));
        resolve();
      };
      child.once("error", (error) => onEnd(error.message));
      child.once("exit", (code, by) => onEnd(by ? `signal ${by}` : `exit code ${code}`));
    });
    await this.#waitUntilReady(signal, () => end);
    isReady = true;
  }

  /** Asks the program to end, and makes sure it and its group are gone. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#isEndExpected = true;
    if (!child) return;
    child.kill(this.plan.stopSignal);
    const timer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), this.plan.stopDeadlineMs);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Without any grace, for a person who asks twice. */
  kill(): void {
    this.#isEndExpected = true;
    signalGroup(this.#child?.pid, "SIGKILL");
  }

  async #waitUntilReady(signal: AbortSignal, endOf: () => string | undefined): Promise<void> {
    const deadline = performance.now() + this.plan.readyDeadlineMs;
    for (;;) {
      signal.throwIfAborted();
      const end = endOf();
      if (end) throw new SetupFailure(this.#describe(`ended while starting (${end})`));
      try {
        await this.plan.probe(AbortSignal.any([signal, AbortSignal.timeout(probeDeadlineMs)]));
        return;
      } catch (error) {
        if (performance.now() > deadline) {
          await this.stop();
          const waited = `was not ready after ${this.plan.readyDeadlineMs / 1000} s: ${String(error)}`;
          throw new SetupFailure(this.#describe(waited));
        }
      }
      await new Promise((resolve) => setTimeout(resolve, probeEveryMs));
    }
  }

  #describe(what: string): string {
    const { name, logFile } = this.plan;
    const log = existsSync(logFile) ? lastLines(readFileSync(logFile, "utf8"), 12) : "";
    const lines = log ? `\nIts last log lines:\n${log.replace(/^/gm, "  | ")}` : "";
    return `${name} ${what}.${lines}\nWhole log: ${logFile}`;
  }
}

/** Probe for an HTTP address: ready when it answers 200. */
export function answersOk(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    const response = await fetch(url, { headers, signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  };
}
