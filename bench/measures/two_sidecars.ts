import { judge, type Measure, type Row } from "../measure.ts";
import { median } from "../statistics.ts";
import { formatRate, formatRatio } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";

const endpointCount = 40;
const latencyMs = 500;
/** Of an endpoint, shared by all sidecars: enough that the endpoints are not what bounds them. */
const concurrency = 4;
/** Requests that one sidecar may have under way. */
const maxInFlight = endpointCount * 2;
const sidecarEnv = { MAX_IN_FLIGHT: String(maxInFlight) };
const settleMs = 4_000;
const windowMs = 8_000;
const barRatio = 1.8;

/** Endpoints that take their time: the sidecar waits, and a second one waits beside it. */
export const twoSidecars: Measure = {
  name: "two_sidecars",
  title: "deliveries/s with 2 sidecars, slow endpoints",
  async run(world) {
    await world.needFreshOdoo();
    const hooks = Array.from({ length: endpointCount }, (_, index) => `slow_${index}`);
    for (const hook of hooks) await world.receiver.behave(hook, { latencyMs });
    const endpointIds = await world.createEndpoints(hooks, { concurrency, window: 50, timeout_s: 15 });
    // More than two can deliver in all rounds together.
    const mostPerSecond = (2 * maxInFlight * 1000) / latencyMs;
    const secondsPerRound = (2 * (settleMs + windowMs)) / 1000;
    await world.fillPending({
      count: Math.ceil(mostPerSecond * secondsPerRound * world.rounds),
      endpointIds,
    });
    await world.startSidecar("sidecar_1", sidecarEnv);
    const rounds: { one: number; two: number }[] = [];
    for (let round = 1; round <= world.rounds; round += 1) {
      const one = await measureRate(world);
      await world.startSidecar("sidecar_2", sidecarEnv);
      const two = await measureRate(world);
      await world.stop("sidecar_2");
      rounds.push({ one, two });
    }
    await world.stop("sidecar_1");
    await world.receiver.forget();
    return [describeRounds(rounds)];
  },
};

/** Deliveries per second that reach the receiver, once the flow is steady. */
async function measureRate(world: BenchWorld): Promise<number> {
  await pause(settleMs);
  const before = await countDeliveries(world);
  const startedAt = performance.now();
  await pause(windowMs);
  const count = (await countDeliveries(world)) - before;
  return count / ((performance.now() - startedAt) / 1000);
}

async function countDeliveries(world: BenchWorld): Promise<number> {
  const counts = Object.values(await world.receiver.readCounts());
  return counts.reduce((total, { deliveries }) => total + deliveries, 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function describeRounds(rounds: readonly { one: number; two: number }[]): Row {
  const ratio = median(rounds.map(({ one, two }) => two / one));
  const two = formatRate(median(rounds.map((figures) => figures.two)));
  return {
    measure: twoSidecars.title,
    figure: `${two} = ${formatRatio(ratio)} one`,
    reference: `1 sidecar ${formatRate(median(rounds.map(({ one }) => one)))}`,
    bar: `≥ ${formatRatio(barRatio)} one`,
    verdict: judge(ratio >= barRatio),
  };
}
