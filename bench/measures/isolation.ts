import { judge, type Measure } from "../measure.ts";
import { median, quantile } from "../statistics.ts";
import { formatRatio } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { holdPending, releaseEvenly } from "../world/due_deliveries.ts";
import { readLags } from "../world/lags.ts";

const endpointCount = 20;
const perSecond = 10;
const seconds = 12;
const inMs = 2_000;
const timeoutS = 4;
const deadlineMs = 90_000;
const barRatio = 1.1;
const hooks = Array.from({ length: endpointCount }, (_, index) => `isolation_${index}`);
const [sick = "", ...healthy] = hooks;

/** A steady flow to 20 endpoints; in turn all are well, and one never answers. */
export const isolation: Measure = {
  name: "isolation",
  title: "1 of 20 endpoints hangs: p99 of the other 19",
  async run(world) {
    await world.needFreshOdoo();
    const ids = await world.createEndpoints(hooks, { timeout_s: timeoutS });
    const flows = 2 * world.rounds + 1;
    await world.fillPending({
      count: flows * endpointCount * perSecond * seconds,
      endpointIds: ids,
    });
    await holdPending(world);
    await world.startSidecar();
    await runFlow(world, ids);
    const rounds: { healthy: number; hanging: number }[] = [];
    for (let round = 1; round <= world.rounds; round += 1) {
      const before = await runFlow(world, ids);
      await world.receiver.behave(sick, { isHanging: true });
      const after = await runFlow(world, ids);
      rounds.push({ healthy: before, hanging: after });
      await heal(world, ids[0] ?? 0);
    }
    await world.stop("sidecar");
    await world.receiver.forget();
    const ratio = median(rounds.map((round) => round.hanging / round.healthy));
    const ms = (of: (round: (typeof rounds)[number]) => number) => `${median(rounds.map(of)).toFixed(0)} ms`;
    return [
      {
        measure: isolation.title,
        figure: `${ms(({ hanging }) => hanging)} = ${formatRatio(ratio)} all healthy`,
        reference: `all healthy ${ms((round) => round.healthy)}`,
        bar: `< ${formatRatio(barRatio)} all healthy`,
        verdict: judge(ratio < barRatio),
      },
    ];
  },
};

/** The p99 of the lags of the 19, in ms from when each was due. */
async function runFlow(world: BenchWorld, ids: readonly number[]): Promise<number> {
  const sinceMs = Date.now() + inMs / 2;
  const count = await releaseEvenly(world, { perEndpoint: perSecond * seconds, perSecond, inMs });
  const [, ...healthyIds] = ids;
  const open = `SELECT 'open' FROM integration_delivery WHERE endpoint_id IN (${healthyIds}) AND state <> 'delivered'
    AND waiting_since < now() AT TIME ZONE 'UTC' AND next_attempt_at < now() AT TIME ZONE 'UTC' + interval '1 hour' LIMIT 1`;
  if (count === 0) throw new Error("expected held deliveries, got none");
  await new Promise((resolve) => setTimeout(resolve, inMs + seconds * 1000));
  await world.until("every delivery to the 19", deadlineMs, async () => (await world.sql(open)) === "");
  const lags = await Promise.all(healthy.map((hook) => readLags(world, hook, "due", sinceMs)));
  return quantile(lags.flat(), 0.99);
}

/** Takes away what the sick endpoint left, and lets it be well again. */
async function heal(world: BenchWorld, id: number): Promise<void> {
  await world.receiver.behave(sick, {});
  await world.sql(`UPDATE integration_delivery
    SET state = 'cancelled', next_attempt_at = NULL, lease_worker = NULL, lease_until = NULL, queued_at = NULL
    WHERE endpoint_id = ${id} AND state IN ('pending', 'queued')
      AND waiting_since < now() AT TIME ZONE 'UTC'`);
  await new Promise((resolve) => setTimeout(resolve, (timeoutS + 1) * 1000));
  await world.call("integration.endpoint", "action_close_breaker", [[id]]);
}
