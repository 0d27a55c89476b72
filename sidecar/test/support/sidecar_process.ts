/** The sidecar as it is run: a process of its own, known by its environment, its log and its exit code. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { requireVariable } from "./environment.ts";

const entry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Long enough to get a share of an endpoint: sidecars that tests have killed keep theirs for half a minute. */
export const shareDeadline = { timeout: 45_000, interval: 20 };
const linesShown = 30;

export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface SidecarProcess {
  readonly process: ChildProcess;
  readonly lines: readonly LogLine[];
  /** Its exit code; null after a signal. */
  readonly exited: Promise<number | null>;
  readonly errorText: () => string;
  /** Whether a line of this event is in the log, with these fields. */
  hasLogged(event: string, fields?: Readonly<Record<string, unknown>>): boolean;
  /** Rejects with the end of the log when it takes longer than a share may. */
  untilLogged(event: string, fields?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Starts it with nothing but these variables: one of the test's own must not complete a configuration. */
export function startSidecar(env: Readonly<Record<string, string>>): SidecarProcess {
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: LogLine[] = [];
  let errorText = "";
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(JSON.parse(line)));
  child.stderr.on("data", (bytes) => {
    errorText += String(bytes);
  });
  const hasLogged: SidecarProcess["hasLogged"] = (event, fields = {}) =>
    lines.some(
      (line) => line.event === event && Object.entries(fields).every(([name, value]) => line[name] === value),
    );
  return {
    process: child,
    lines,
    exited: once(child, "exit").then(([code]) => code as number | null),
    errorText: () => errorText,
    hasLogged,
    untilLogged: async (event, fields = {}) => {
      try {
        await vi.waitUntil(() => hasLogged(event, fields), shareDeadline);
      } catch {
        const end = lines.slice(-linesShown).map((line) => JSON.stringify(line));
        throw new Error(`No ${event} ${JSON.stringify(fields)} in the log, which ends:\n${end.join("\n")}`);
      }
    },
  };
}

/** What a sidecar needs to serve the test's Odoo. */
export function readSidecarEnvironment(): Readonly<Record<string, string>> {
  return {
    ODOO_URL: requireVariable("IM_TEST_ODOO_URL"),
    ODOO_DATABASE: requireVariable("IM_TEST_ODOO_DATABASE"),
    ODOO_LOGIN: requireVariable("IM_TEST_ODOO_LOGIN"),
    ODOO_API_KEY: requireVariable("IM_TEST_ODOO_API_KEY"),
    AMQP_URL: requireVariable("IM_TEST_AMQP_URL"),
    HTTP_PORT: "0",
  };
}
