import { readRound } from "../dispatch/contender.ts";
import { LaneFiller } from "../dispatch/lane.ts";
import { judge, type Measure, type Row } from "../measure.ts";
import { median } from "../statistics.ts";
import { formatRate, formatRatio } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";

const messagesPerRound = 6_000;
const barRatio = 0.6;
const names = ["raw_post", "pump", "product"] as const;
type Name = (typeof names)[number];

/** Queues of their own. */
const scopes: Readonly<Record<Name, string>> = { raw_post: "", pump: "0000000a", product: "0000000b" };

/** Lane → signed POST → confirmed report → ack, against the barest pump and against requests alone. */
export const dispatch: Measure = {
  name: "dispatch",
  title: "dispatch throughput, 1 KB events",
  async run(world) {
    await world.needBroker();
    await world.needReceiver();
    const filler = new LaneFiller(world.stack.amqpUrl);
    const urls = {} as Record<Name, string>;
    for (const name of names) urls[name] = await startContender(name, world);
    const rounds: Record<Name, number>[] = [];
    // The first round is not counted: compilers and connections warm up.
    for (let round = 0; round <= world.rounds; round += 1) {
      const figures = {} as Record<Name, number>;
      for (const name of names) figures[name] = await runRound(name, urls[name], filler);
      if (round > 0) rounds.push(figures);
    }
    for (const name of names) await world.stop(name);
    await world.receiver.forget();
    return [describeRounds(rounds)];
  },
};

function startContender(name: Name, world: BenchWorld): Promise<string> {
  return world.startScript(name, `bench/dispatch/${name}.ts`, {
    AMQP_URL: world.stack.amqpUrl,
    BENCH_SCOPE: scopes[name],
    BENCH_HOOK_URL: world.receiver.hookUrl("dispatch"),
  });
}

/** Messages per second. */
async function runRound(name: Name, url: string, filler: LaneFiller): Promise<number> {
  const scope = scopes[name];
  if (name === "product") await filler.fillWithClaims(scope, messagesPerRound);
  if (name === "pump") await filler.fillWithBodies(scope, messagesPerRound);
  const ms = await readRound(url, messagesPerRound);
  if (name !== "raw_post") await filler.purge(scope);
  return messagesPerRound / (ms / 1000);
}

function describeRounds(rounds: readonly Record<Name, number>[]): Row {
  const rate = (name: Name) => formatRate(median(rounds.map((figures) => figures[name])));
  // Within a round, so that a busy moment of the machine hits both.
  const ratio = median(rounds.map(({ product, pump }) => product / pump));
  return {
    measure: dispatch.title,
    figure: `${rate("product")} = ${formatRatio(ratio)} pump`,
    reference: `pump ${rate("pump")}, POST alone ${rate("raw_post")}`,
    bar: `≥ ${formatRatio(barRatio)} pump`,
    verdict: judge(ratio >= barRatio),
  };
}
