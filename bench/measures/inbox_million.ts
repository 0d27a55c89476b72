import { judge, type Measure, type Row } from "../measure.ts";
import { median } from "../statistics.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { needMillion } from "../world/million_deliveries.ts";
import { timeCall } from "../world/timed_call.ts";

const barMs = 1_000;
const callsPerRound = 6;
const domain = [
  ["is_exception", "=", true],
  ["is_snoozed", "=", false],
];
const groupBy = "case_kind";
/** What the list of exceptions reads of each row. */
const specification = {
  record_name: {},
  partner_id: { fields: { display_name: {} } },
  currency_id: { fields: {} },
  amount: {},
  case_summary: {},
  case_age: {},
  responsible_id: { fields: { display_name: {} } },
  next_attempt_at: {},
  case_kind: {},
  can_change: {},
  is_snoozed: {},
  state: {},
};

interface Look {
  readonly what: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs: object;
}

/** The calls the web client makes when somebody opens the inbox, groups it, and turns the page. */
const looks: readonly Look[] = [
  { what: "count in the menu bar", method: "get_exception_count", args: [], kwargs: {} },
  {
    what: "first page",
    method: "web_search_read",
    args: [domain, specification],
    kwargs: { limit: 80, count_limit: 10_001 },
  },
  {
    what: "last page",
    method: "web_search_read",
    args: [domain, specification],
    kwargs: { limit: 80, offset: 8_000, count_limit: 10_001 },
  },
  {
    what: "grouped",
    method: "web_read_group",
    args: [domain, [groupBy]],
    kwargs: {
      aggregates: ["__count", "amount:sum_currency"],
      limit: 80,
      auto_unfold: true,
      unfold_read_specification: specification,
    },
  },
];

/** The inbox of what needs a person, on a database that is not new: 5,000 failed, 10,000 waiting. */
export const inboxMillion: Measure = {
  name: "inbox_million",
  title: "inbox on 1,000,000 deliveries",
  async run(world) {
    await needMillion(world);
    const rows: Row[] = [];
    for (const look of looks) rows.push(await measureLook(world, look));
    return rows;
  },
};

async function measureLook(world: BenchWorld, { what, method, args, kwargs }: Look): Promise<Row> {
  const look = () => timeCall(world, "integration.delivery", method, args, kwargs);
  const trivialMs = await timeCall(world, "integration.worker", "search_count", [[]]);
  const firstMs = await look();
  const timesMs: number[] = [];
  for (let call = 0; call < world.rounds * callsPerRound; call += 1) timesMs.push(await look());
  const worstMs = Math.max(firstMs, ...timesMs);
  return {
    measure: `${inboxMillion.title}: ${what}`,
    figure: `p50 ${median(timesMs).toFixed(0)} ms, first ${firstMs.toFixed(0)} ms, worst ${worstMs.toFixed(0)} ms`,
    reference: `a call that does nothing ${trivialMs.toFixed(0)} ms`,
    bar: `worst < ${barMs} ms`,
    verdict: judge(worstMs < barMs),
  };
}
