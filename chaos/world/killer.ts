import type { ChaosWorld } from "./chaos_world.ts";
import type { PlannedKill } from "./kill_plan.ts";

/**
 * Carries the plan out. A target that is still on its way up is killed when it is up: a plan may ask for it twice in
 * a row, and a service that nobody waits for proves nothing.
 */
export async function carryOut(
  plan: readonly PlannedKill[],
  world: ChaosWorld,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  const busy = new Map<string, Promise<void>>();
  for (const { atMs, target, downMs } of plan) {
    const waitMs = atMs - (performance.now() - startedAt);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    signal.throwIfAborted();
    const service = target === "postgres_backend" ? "postgres" : target;
    const before = busy.get(service) ?? Promise.resolve();
    const kill = before.then(() => world.killAndRestart(target, downMs, signal));
    // The rejection is met at the end; until then it is not unheard of.
    kill.catch(() => {});
    busy.set(service, kill);
  }
  await Promise.all(busy.values());
}
