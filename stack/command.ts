import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Text for its standard input; without it the input is empty. */
  readonly input?: string;
  /** Output is also appended here. */
  readonly logFile?: string;
  /** Each finished line of output, as it comes. */
  readonly onLine?: (line: string) => void;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const defaultDeadlineMs = 15 * 60_000;
const killGraceMs = 5_000;
const running = new Set<number>();

/**
 * Runs a program to its end, in a process group of its own so that nothing it started survives it.
 *
 * A non-zero exit code is a result, not an error. Throws when the program cannot be started, runs past its
 * deadline or is aborted.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  if (child.pid) running.add(child.pid);
  const log = options.logFile ? createWriteStream(options.logFile, { flags: "a" }) : undefined;
  const chunks = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    let rest = "";
    child[name].setEncoding("utf8").on("data", (text: string) => {
      chunks[name] += text;
      log?.write(text);
      if (!options.onLine) return;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine(line);
    });
  }
  // A program that ends without reading its input closes the pipe; that is its business.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");

  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  let ending: string | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const end = (reason: string) => {
    if (ending) return;
    ending = reason;
    signalGroup(child.pid, "SIGTERM");
    killTimer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), killGraceMs);
  };
  const timer = setTimeout(() => end(`did not end within ${deadlineMs / 1000} s`), deadlineMs);
  const onAbort = () => end("was aborted");
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? (signal ? 128 : 1)));
    });
    options.signal?.throwIfAborted();
    if (ending) throw new Error(`${program} ${args.join(" ").slice(0, 120)} ${ending}`);
    return { exitCode, ...chunks };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    options.signal?.removeEventListener("abort", onAbort);
    signalGroup(child.pid, "SIGKILL");
    if (child.pid) running.delete(child.pid);
    log?.end();
  }
}

/** Ends every command that still runs; for the moment a person stops the stack half way. */
export function stopCommands(): void {
  for (const pid of running) signalGroup(pid, "SIGKILL");
}

/** Sends a signal to a process and everything it started. A group that is gone already is no error. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The last lines of a text, for a message. */
export function lastLines(text: string, count = 15): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
