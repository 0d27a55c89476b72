import type { ChaosWorld } from "./world/chaos_world.ts";

const lookEveryMs = 1_000;
/** Longer than a request may take, so that no copy of a delivery is still under way unseen. */
const calmMs = 5_000;

export interface Quiet {
  readonly isReached: boolean;
  readonly seconds: number;
  /** Deliveries that are not over; by state. */
  readonly rest: string;
}

/** Waits until every delivery is over and the receiver has heard nothing for a while. */
export async function waitForQuiet(
  world: ChaosWorld,
  endpointIds: readonly number[],
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Quiet> {
  const startedAt = performance.now();
  const query = `SELECT COALESCE(string_agg(state || ' ' || count, ', '), '') FROM (
      SELECT state, count(*) FROM integration_delivery
       WHERE endpoint_id IN (${endpointIds.join(", ")}) AND state <> 'delivered' GROUP BY state) AS rest`;
  let calmSince: number | undefined;
  for (;;) {
    const rest = await world.stack.sql(world.database, query, signal);
    const now = performance.now();
    const seconds = Math.round((now - startedAt) / 1000);
    if (rest !== "") calmSince = undefined;
    else calmSince ??= now;
    if (calmSince !== undefined && now - calmSince >= calmMs) return { isReached: true, seconds, rest };
    if (now - startedAt > deadlineMs) return { isReached: false, seconds, rest };
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
