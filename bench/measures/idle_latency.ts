import { judge, type Measure } from "../measure.ts";
import { median, quantile } from "../statistics.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { readLags } from "../world/lags.ts";

const samplesPerRound = 200;
const warmUpCount = 20;
/** Two rounds are 400 commits; more say nothing new. */
const roundsMax = 3;
/** Everything that follows a delivery is over by then. */
const restMs = 150;
const arrivalDeadlineMs = 10_000;
const barP50Ms = 50;
const barP99Ms = 250;
const hook = "idle_latency";

/** People save one contact after the other; nothing else happens. */
export const idleLatency: Measure = {
  name: "idle_latency",
  title: "idle latency, commit → first byte",
  async run(world) {
    await world.needFreshOdoo();
    await world.createEndpoints([hook]);
    await world.startSidecar();
    const contact = await world.call<number>("res.partner", "create", [{ name: "Idle latency" }]);
    await saveAndWait(world, contact, warmUpCount);
    const rounds: (readonly number[])[] = [];
    for (let round = 1; round <= Math.min(world.rounds, roundsMax); round += 1) {
      const sinceMs = Date.now();
      await saveAndWait(world, contact, samplesPerRound);
      rounds.push(await readLags(world, hook, "recorded", sinceMs));
    }
    await world.stop("sidecar");
    await world.receiver.forget();
    const p50 = median(rounds.map((lags) => quantile(lags, 0.5)));
    const p99 = median(rounds.map((lags) => quantile(lags, 0.99)));
    return [
      {
        measure: idleLatency.title,
        figure: `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
        reference: "–",
        bar: `p50 < ${barP50Ms} ms, p99 < ${barP99Ms} ms`,
        verdict: judge(p50 < barP50Ms && p99 < barP99Ms),
      },
    ];
  },
};

async function saveAndWait(world: BenchWorld, contact: number, count: number): Promise<void> {
  for (let sample = 1; sample <= count; sample += 1) {
    const before = await countArrivals(world);
    await world.call("res.partner", "write", [[contact], { name: `Idle latency ${Math.random()}` }]);
    await world.until(
      "the delivery",
      arrivalDeadlineMs,
      async () => (await countArrivals(world)) > before,
      10,
    );
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

async function countArrivals(world: BenchWorld): Promise<number> {
  return (await world.receiver.readCounts())[hook]?.requests ?? 0;
}
