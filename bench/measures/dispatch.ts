import { sidecarNodeOptions } from "../../stack/services/node_services.ts";
import { readRound } from "../dispatch/contender.ts";
import { LaneFiller } from "../dispatch/lane.ts";
import { judge, type Measure, type Row } from "../measure.ts";
import { median } from "../statistics.ts";
import { formatRate, formatRatio } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";

const messagesPerRound = 6_000;
/** Not counted: a sidecar runs for weeks, and its compiler needs some ten thousand messages to have done its best. */
const warmUpRounds = 3;
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
    const rounds: Record<Name, Figures>[] = [];
    for (let round = 1; round <= warmUpRounds + world.rounds; round += 1) {
      const figures = {} as Record<Name, Figures>;
      for (const name of names) figures[name] = await runRound(name, urls[name], filler);
      if (round > warmUpRounds) rounds.push(figures);
    }
    for (const name of names) await world.stop(name);
    await world.receiver.forget();
    return describeRounds(rounds);
  },
};

function startContender(name: Name, world: BenchWorld): Promise<string> {
  const settings = {
    AMQP_URL: world.stack.amqpUrl,
    BENCH_SCOPE: scopes[name],
    BENCH_HOOK_URL: world.receiver.hookUrl("dispatch"),
  };
  // The product runs as it is shipped; the others as Node would run them.
  const nodeOptions = name === "product" ? sidecarNodeOptions : [];
  return world.startScript({ name, script: `bench/dispatch/${name}.ts`, settings, nodeOptions });
}

interface Figures {
  readonly perSecond: number;
  /** Processor time of the contender alone, per message. */
  readonly cpuUs: number;
}

async function runRound(name: Name, url: string, filler: LaneFiller): Promise<Figures> {
  const scope = scopes[name];
  if (name === "product") await filler.fillWithClaims(scope, messagesPerRound);
  if (name === "pump") await filler.fillWithBodies(scope, messagesPerRound);
  const { ms, cpuMs } = await readRound(url, messagesPerRound);
  if (name !== "raw_post") await filler.purge(scope);
  return { perSecond: messagesPerRound / (ms / 1000), cpuUs: (1000 * cpuMs) / messagesPerRound };
}

function describeRounds(rounds: readonly Record<Name, Figures>[]): Row[] {
  const middle = (name: Name, figure: keyof Figures) => median(rounds.map((round) => round[name][figure]));
  const rate = (name: Name) => formatRate(middle(name, "perSecond"));
  const cpu = (name: Name) => `${Math.round(middle(name, "cpuUs"))} µs`;
  // Within a round, so that a busy moment of the machine hits both.
  const ratio = median(rounds.map(({ product, pump }) => product.perSecond / pump.perSecond));
  return [
    {
      measure: dispatch.title,
      figure: `${rate("product")} = ${formatRatio(ratio)} pump`,
      reference: `pump ${rate("pump")}, POST alone ${rate("raw_post")}`,
      bar: `≥ ${formatRatio(barRatio)} pump`,
      verdict: judge(ratio >= barRatio),
    },
    {
      measure: "  processor time of the sidecar per delivery",
      figure: cpu("product"),
      reference: `pump ${cpu("pump")}, POST alone ${cpu("raw_post")}`,
      bar: "–",
      verdict: "shown",
    },
  ];
}
