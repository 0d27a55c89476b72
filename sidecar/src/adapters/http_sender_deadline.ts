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

/**
 * Who wants to know when a caller stops: one listener for each caller's signal, because adding and removing one with each
 * delivery costs more than the rest of the deadline. Not AbortSignal.any: the caller's signal lives as long as the
 * process and would collect dependents.
 */
const watchers = new WeakMap<AbortSignal, Set<() => void>>();

function watch(caller: AbortSignal): Set<() => void> {
  const known = watchers.get(caller);
  if (known) return known;
  const waiting = new Set<() => void>();
  caller.addEventListener(
    "abort",
    () => {
      for (const tell of waiting) tell();
    },
    { once: true },
  );
  watchers.set(caller, waiting);
  return waiting;
}

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
  const waiting = watch(caller);
  waiting.add(onCallerAbort);
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
      waiting.delete(onCallerAbort);
    },
  };
}
