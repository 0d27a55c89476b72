import { availableParallelism } from "node:os";
import { judge, type Measure } from "../measure.ts";
import { median } from "../statistics.ts";
import { formatRate } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { readCpuMs } from "../world/cpu_time.ts";
import { holdPending, releaseHeld, untilRecorded } from "../world/due_deliveries.ts";

const deliveryCount = 20_000;
const warmUpCount = 2_000;
const endpointCount = 20;
const barPerS = 1_500;
/** Part of what the processors allow that is reached at least; docs/performance.md says where the rest goes. */
const limitPart = 0.7;
/** By then every part is at rest again. */
const dueInMs = 3_000;
const deadlineMs = 180_000;
const services = ["odoo", "postgres", "rabbitmq", "sidecar", "receiver_bench"] as const;

/** Processor time per delivery by service, in ms. */
type Cost = Readonly<Record<string, number>>;

/** A backlog that becomes due at one instant, until Odoo has recorded the status of all of it. */
export const endToEnd: Measure = {
  name: "end_to_end",
  title: "end to end, 20,000 pending until all recorded",
  async run(world) {
    await world.needFreshOdoo();
    const hooks = Array.from({ length: endpointCount }, (_, index) => `end_to_end_${index}`);
    const endpointIds = await world.createEndpoints(hooks);
    await world.fillPending({ count: warmUpCount + world.rounds * deliveryCount, endpointIds });
    await holdPending(world);
    await world.startSidecar();
    // Opens lanes and connections, and is not counted.
    await runRound(world, warmUpCount);
    const rounds: Awaited<ReturnType<typeof runRound>>[] = [];
    for (let round = 1; round <= world.rounds; round += 1) rounds.push(await runRound(world, deliveryCount));
    await world.stop("sidecar");
    await world.receiver.forget();
    const rate = median(rounds.map(({ perS }) => perS));
    const costs = services.map((name) => [name, median(rounds.map(({ cost }) => cost[name] ?? 0))] as const);
    const allowedPerS = (availableParallelism() * 1000) / costs.reduce((total, [, cost]) => total + cost, 0);
    const part = rate / allowedPerS;
    return [
      {
        measure: endToEnd.title,
        figure: `${formatRate(rate)} = ${part.toFixed(2)} × what the processors allow`,
        reference: describeCosts(allowedPerS, costs),
        bar: `≥ ${formatRate(barPerS)}; limit ${limitPart} × allowed, if that is above the bar`,
        verdict: judge(rate >= barPerS, allowedPerS >= barPerS && part >= limitPart),
      },
    ];
  },
};

async function runRound(world: BenchWorld, count: number) {
  const dueAtMs = await releaseHeld(world, count, dueInMs);
  const before = readCosts(world);
  const endedAtMs = await untilRecorded(world, dueAtMs, deadlineMs);
  const after = readCosts(world);
  const used = (name: string) => ((after[name] ?? 0) - (before[name] ?? 0)) / count;
  const cost: Cost = Object.fromEntries(services.map((name) => [name, used(name)]));
  return { perS: (count * 1000) / (endedAtMs - dueAtMs), cost };
}

function readCosts(world: BenchWorld): Cost {
  return readCpuMs(Object.fromEntries(services.map((name) => [name, world.pidOf(name)])));
}

/** Where the processor time of a delivery goes, in ms. */
function describeCosts(allowedPerS: number, costs: readonly (readonly [name: string, ms: number])[]): string {
  const parts = costs.map(([name, ms]) => `${name.replace("_bench", "")} ${ms.toFixed(2)}`);
  return `allowed ${formatRate(allowedPerS)}, ms each: ${parts.join(", ")}`;
}
