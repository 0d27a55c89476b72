import { connect } from "amqplib";
import { judge, type Measure } from "../measure.ts";
import { median } from "../statistics.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { holdPending, releaseEvenly } from "../world/due_deliveries.ts";

const endpointCount = 10;
const perSecond = 10;
/** Longer than an outage lasts. */
const seconds = 90;
const loadMs = 5_000;
const downMs = 8_000;
const roundsMax = 3;
const deadlineMs = 90_000;
const barS = 10;
const hooks = Array.from({ length: endpointCount }, (_, index) => `broker_restart_${index}`);

/** `kill -9` under load, some seconds of outage, and back. */
export const brokerRestart: Measure = {
  name: "broker_restart",
  title: "broker killed and restarted: first delivery after it is back",
  async run(world) {
    await world.needFreshOdoo();
    const endpointIds = await world.createEndpoints(hooks);
    const rounds = Math.min(world.rounds, roundsMax);
    await world.fillPending({ count: rounds * endpointCount * perSecond * seconds, endpointIds });
    await holdPending(world);
    await world.startSidecar();
    const waitsS: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await releaseEvenly(world, { perEndpoint: perSecond * seconds, perSecond, inMs: 500 });
      waitsS.push((await measureOutage(world)) / 1000);
      // What is left of this round does not disturb the next.
      await world.sql(`UPDATE integration_delivery SET state = 'cancelled', next_attempt_at = NULL
        WHERE state = 'pending' AND next_attempt_at < now() AT TIME ZONE 'UTC' + interval '1 hour'`);
    }
    await world.stop("sidecar");
    await world.receiver.forget();
    const wait = median(waitsS);
    return [
      {
        measure: brokerRestart.title,
        figure: `${wait.toFixed(1)} s`,
        reference: `longest of ${rounds}: ${Math.max(...waitsS).toFixed(1)} s`,
        bar: `< ${barS} s`,
        verdict: judge(wait < barS),
      },
    ];
  },
};

/** From the broker's first connection until the first delivery after it, in ms. */
async function measureOutage(world: BenchWorld): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, loadMs));
  await world.killBroker();
  await new Promise((resolve) => setTimeout(resolve, downMs));
  const arrivedBefore = await countArrivals(world);
  const starting = world.startBrokerAgain();
  await world.until("the broker to take connections", deadlineMs, () => isBrokerUp(world), 50);
  const backAt = performance.now();
  await world.until("a delivery", deadlineMs, async () => (await countArrivals(world)) > arrivedBefore, 20);
  const waitedMs = performance.now() - backAt;
  await starting;
  return waitedMs;
}

async function isBrokerUp(world: BenchWorld): Promise<boolean> {
  try {
    await (await connect(world.stack.amqpUrl)).close();
    return true;
  } catch {
    return false;
  }
}

async function countArrivals(world: BenchWorld): Promise<number> {
  const counts = Object.values(await world.receiver.readCounts());
  return counts.reduce((total, { requests }) => total + requests, 0);
}
