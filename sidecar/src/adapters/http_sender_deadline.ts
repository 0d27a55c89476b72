/** One deadline over a whole exchange, joined with the caller's wish to stop. */
export interface Deadline {
  /** Aborts at whichever comes first. */
  readonly signal: AbortSignal;
  /** What ended the exchange, if it was not the network. */
  readonly endedBy: "time" | "caller" | undefined;
  /** Calls back at whichever comes first, at once if that is past; only the latest `callback` counts. */
  onEnd(callback: () => void): void;
  /** Frees timer and listener; must be called once the exchange is over. */
  release(): void;
}

/** Not AbortSignal.any: the caller's signal lives as long as the process and would collect dependents. */
export function startDeadline(timeoutMs: number, caller: AbortSignal): Deadline {
  // Made when somebody asks for it: a delivery needs only the callback, which is far cheaper.
  let controller: AbortController | undefined;
  let endedBy: Deadline["endedBy"];
  let callback: (() => void) | undefined;
  const end = (cause: "time" | "caller") => {
    endedBy ??= cause;
    controller?.abort();
    callback?.();
  };
  const onCallerAbort = () => end("caller");
  const timer = setTimeout(() => end("time"), timeoutMs);
  caller.addEventListener("abort", onCallerAbort, { once: true });
  if (caller.aborted) {
    end("caller");
  }
  return {
    get signal() {
      controller ??= new AbortController();
      if (endedBy !== undefined) controller.abort();
      return controller.signal;
    },
    get endedBy() {
      return endedBy;
    },
    onEnd(latest) {
      callback = latest;
      if (endedBy !== undefined) latest();
    },
    release() {
      clearTimeout(timer);
      caller.removeEventListener("abort", onCallerAbort);
    },
  };
}
