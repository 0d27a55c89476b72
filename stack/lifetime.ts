import { messageOf, SetupFailure } from "./failure.ts";

const forceAfterMs = 2_000;

export interface Lifetime {
  /** Aborted when a person or the system asks the stack to end. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly ended: Promise<string>;
  /** Ends it from inside, for instance after a crash. */
  readonly end: (reason: string) => void;
}

/**
 * Ctrl-C, SIGTERM, SIGHUP and the death of the process that started us all mean: stop everything.
 * A second signal while stopping calls `force`; terminals and npm may send the first one twice at once.
 */
export function watchLifetime(force: () => void): Lifetime {
  const controller = new AbortController();
  let endedAt: number | undefined;
  let resolveEnded: (reason: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    resolveEnded = resolve;
  });
  const end = (reason: string) => {
    if (endedAt !== undefined) return;
    endedAt = performance.now();
    controller.abort(new SetupFailure(`Stopped: ${reason}`));
    resolveEnded(reason);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (endedAt !== undefined && performance.now() - endedAt > forceAfterMs) force();
      end(name);
    });
  }
  process.on("disconnect", () => end("its starter is gone"));
  process.channel?.unref();
  // The terminal may be gone when we write our last lines.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return { signal: controller.signal, ended, end };
}

/** What to print for an error that ended a command: its message, with a stack only when it is our fault. */
export function describeFailure(error: unknown): string {
  if (error instanceof SetupFailure) return `\n${error.message}`;
  return error instanceof Error ? `\n${error.stack ?? error.message}` : messageOf(error);
}
