/**
 * Turns any number of hints into few refreshes.
 *
 * The first hint opens a short window; everything that arrives in it is answered by one refresh. A plain
 * debounce would wait for silence, and under a steady stream of deliveries silence never comes. Refreshes
 * never overlap, and two of them are at least `spacingMs` apart.
 */

export interface GateClock {
  nowMs(): number;
  /** Runs `callback` after `delayMs`; returns a function that cancels it. */
  schedule(callback: () => void, delayMs: number): () => void;
}

export interface RefreshGateOptions {
  readonly refresh: () => Promise<void>;
  /** Time between a hint after a quiet period and its refresh, in ms. */
  readonly delayMs: number;
  /** Least time between the end of a refresh and the start of the next, in ms. */
  readonly spacingMs: number;
  /** False while nobody looks: refreshes then wait for `wake()`. */
  readonly isAwake: () => boolean;
  readonly clock: GateClock;
}

export interface RefreshGate {
  request(): void;
  /** Call when `isAwake` may have become true. */
  wake(): void;
  /** No refresh starts after this. */
  stop(): void;
}

export function createRefreshGate(options: RefreshGateOptions): RefreshGate {
  const { clock } = options;
  let isWanted = false;
  let isRunning = false;
  let isStopped = false;
  let lastEndedAtMs = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | null = null;

  function openWindow(): void {
    if (!isWanted || isRunning || isStopped || cancelTimer || !options.isAwake()) {
      return;
    }
    const restMs = lastEndedAtMs + options.spacingMs - clock.nowMs();
    cancelTimer = clock.schedule(startRefresh, Math.max(options.delayMs, restMs));
  }

  async function startRefresh(): Promise<void> {
    cancelTimer = null;
    isWanted = false;
    isRunning = true;
    try {
      await options.refresh();
    } finally {
      isRunning = false;
      lastEndedAtMs = clock.nowMs();
      openWindow();
    }
  }

  return {
    request() {
      isWanted = true;
      openWindow();
    },
    wake: openWindow,
    stop() {
      isStopped = true;
      cancelTimer?.();
      cancelTimer = null;
    },
  };
}
