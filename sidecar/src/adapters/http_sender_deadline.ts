/** One deadline over a whole exchange, joined with the caller's wish to stop. */
export interface Deadline {
  /** Aborts at whichever comes first. */
  readonly signal: AbortSignal;
  /** What ended the exchange, if it was not the network. */
  readonly endedBy: "time" | "caller" | undefined;
  /** Frees timer and listener; must be called once the exchange is over. */
  release(): void;
}

/** Not AbortSignal.any: the caller's signal lives as long as the process and would collect dependents. */
export function startDeadline(timeoutMs: number, caller: AbortSignal): Deadline {
  const controller = new AbortController();
  let endedBy: Deadline["endedBy"];
  const end = (cause: "time" | "caller") => {
    endedBy ??= cause;
    controller.abort();
  };
  const onCallerAbort = () => end("caller");
  const timer = setTimeout(() => end("time"), timeoutMs);
  caller.addEventListener("abort", onCallerAbort, { once: true });
  if (caller.aborted) {
    end("caller");
  }
  return {
    signal: controller.signal,
    get endedBy() {
      return endedBy;
    },
    release() {
      clearTimeout(timer);
      caller.removeEventListener("abort", onCallerAbort);
    },
  };
}
