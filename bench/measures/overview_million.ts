import { judge, type Measure, type Row } from "../measure.ts";
import { median } from "../statistics.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { needMillion } from "../world/million_deliveries.ts";
import { timeCall } from "../world/timed_call.ts";

const barMs = 1_000;
const callsPerRound = 6;
const periods = ["24h", "7d", "30d", "90d"];

/** The page that people look at all day, on a database that is not new. */
export const overviewMillion: Measure = {
  name: "overview_million",
  title: "overview on 1,000,000 deliveries",
  async run(world) {
    await needMillion(world);
    const rows: Row[] = [];
    for (const period of periods) rows.push(await measurePeriod(world, period));
    rows.push(await measureUncounted(world));
    rows.push(await measureList(world));
    return rows;
  },
};

async function measurePeriod(world: BenchWorld, period: string): Promise<Row> {
  const trivialMs = await timeCall(world, "integration.worker", "search_count", [[]]);
  // The caches of PostgreSQL and of the machine know the rows that were just written, but nobody has asked yet.
  const firstMs = await timeOverview(world, period);
  const timesMs: number[] = [];
  for (let call = 0; call < world.rounds * callsPerRound; call += 1) {
    timesMs.push(await timeOverview(world, period));
  }
  const worstMs = Math.max(firstMs, ...timesMs);
  return {
    measure: `${overviewMillion.title}, ${period}`,
    figure: `p50 ${median(timesMs).toFixed(0)} ms, first ${firstMs.toFixed(0)} ms, worst ${worstMs.toFixed(0)} ms`,
    reference: `a call that does nothing ${trivialMs.toFixed(0)} ms`,
    bar: `worst < ${barMs} ms`,
    verdict: judge(worstMs < barMs),
  };
}

/** What the page would take if attempts were counted each time, and not by hour in advance. */
async function measureUncounted(world: BenchWorld): Promise<Row> {
  const counted = await world.sql("SELECT counted_to FROM integration_delivery_hour_mark");
  const countedMs = await timeOverview(world, "90d");
  await world.sql("UPDATE integration_delivery_hour_mark SET counted_to = 0");
  const uncountedMs = await timeOverview(world, "90d");
  await world.sql(`UPDATE integration_delivery_hour_mark SET counted_to = ${counted}`);
  return {
    measure: "  the same, attempts counted by hour in advance",
    figure: `${countedMs.toFixed(0)} ms`,
    reference: `counted each time ${uncountedMs.toFixed(0)} ms`,
    bar: "–",
    verdict: "shown",
  };
}

/** The longest list behind a number: what was delivered in 90 days, its first page and how many there are. */
async function measureList(world: BenchWorld): Promise<Row> {
  const { series } = await world.call<{ series: { starts: readonly string[] } }>(
    "integration.delivery",
    "get_overview",
    [],
    { period: "90d" },
  );
  const domain = [
    ["outcome", "in", ["delivered"]],
    ["started_at", ">=", series.starts[0]],
  ];
  const specification = {
    delivery_id: { fields: { display_name: {} } },
    started_at: {},
    outcome: {},
    error: {},
  };
  const page = { limit: 80, count_limit: 10_001, order: "started_at desc, id desc" };
  const timesMs: number[] = [];
  for (let call = 0; call < world.rounds * callsPerRound; call += 1) {
    timesMs.push(
      await timeCall(world, "integration.delivery.attempt", "web_search_read", [domain, specification], page),
    );
  }
  const worstMs = Math.max(...timesMs);
  return {
    measure: "  the list behind what was delivered in 90 days",
    figure: `p50 ${median(timesMs).toFixed(0)} ms, worst ${worstMs.toFixed(0)} ms`,
    reference: "–",
    bar: `worst < ${barMs} ms`,
    verdict: judge(worstMs < barMs),
  };
}

function timeOverview(world: BenchWorld, period: string): Promise<number> {
  return timeCall(world, "integration.delivery", "get_overview", [], { period });
}
