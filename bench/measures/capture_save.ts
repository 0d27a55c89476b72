import { judge, type Measure, type Row } from "../measure.ts";
import {
  added,
  conditions,
  middle,
  needPlainDatabases,
  type SavingTimes,
  timeSaves,
} from "../saving/saving.ts";
import { formatMs } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";

const subscriptionCount = 3;
const savesPerRound = 30;
const pauseMs = 150;
const barMs = 3;
/** Of the save without us. Where it comes from stands in docs/performance.md, "What 3 ms would take". */
const limit = 0.4;
/** Gives up soon and tries again soon, so that the end of the outage is not what the measure waits for. */
const endpointValues = {
  timeout_s: 3,
  concurrency: 20,
  max_attempts: 50,
  retry_base_s: 1,
  retry_cap_s: 5,
  breaker_threshold: 0,
};
const recoveryDeadlineMs = 180_000;

/** What capture adds to the save of one contact, whatever the endpoints do; and whether anything of it is lost. */
export const captureSave: Measure = {
  name: "capture_save",
  title: "added to saving one document by capture, 3 subscriptions",
  async run(world) {
    await world.needFreshOdoo();
    await needPlainDatabases(world);
    const rows: Row[] = [];
    const hooks = Array.from({ length: subscriptionCount }, (_, index) => `capture_save_${index}`);
    await world.createEndpoints(hooks, endpointValues);
    await world.startSidecar();
    let expected = 0;
    for (const [condition, behaviour] of Object.entries(conditions)) {
      for (const hook of hooks) await world.receiver.behave(hook, behaviour);
      const { ours, without } = await timeSaves(world, {
        what: "one",
        counts: { without: savesPerRound, ours: savesPerRound },
        rounds: world.rounds,
        pauseMs,
      });
      for (const hook of hooks) await world.receiver.behave(hook, conditions.healthy);
      // The contact itself is an event as well.
      expected += (ours.events + 1) * hooks.length;
      rows.push(describeTimes(condition, ours, without), await countLost(world, condition, hooks, expected));
    }
    await world.stop("sidecar");
    await world.receiver.forget();
    return rows;
  },
};

function describeTimes(condition: string, ours: SavingTimes, without: SavingTimes): Row {
  const figure = added(ours, without);
  const limitMs = limit * middle(without);
  return {
    measure: `${captureSave.title}, ${condition} endpoints`,
    figure: `+${formatMs(figure)} p50`,
    reference: `without ${formatMs(middle(without))}`,
    bar: `≤ +${formatMs(barMs)}; limit +${formatMs(limitMs)}`,
    verdict: judge(figure <= barMs, figure <= limitMs),
  };
}

/** Waits until the receiver has accepted all there was so far; what it has not by the deadline is lost. */
async function countLost(
  world: BenchWorld,
  condition: string,
  hooks: readonly string[],
  expected: number,
): Promise<Row> {
  let accepted = 0;
  await world
    .until("the receiver to accept every event", recoveryDeadlineMs, async () => {
      const counts = await world.receiver.readCounts();
      accepted = hooks.reduce((sum, hook) => sum + (counts[hook]?.accepted ?? 0), 0);
      return accepted >= expected;
    })
    .catch(() => undefined);
  const lost = Math.max(0, expected - accepted);
  return {
    measure: `events lost by capture, ${condition} endpoints, after they recovered`,
    figure: `${lost}`,
    reference: `${expected} so far`,
    bar: "0",
    verdict: judge(lost === 0),
  };
}
