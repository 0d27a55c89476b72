import { judge, type Measure } from "../measure.ts";
import { median, quantile } from "../statistics.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { holdPending, releaseHeld } from "../world/due_deliveries.ts";
import { readLags } from "../world/lags.ts";

const backfillCount = 10_000;
/** The endpoints of the backfill answer so late that it lasts for some seconds. */
const latencyMs = 20;
const busyHooks = ["lanes_busy_1", "lanes_busy_2", "lanes_busy_3", "lanes_busy_4"];
const freeHook = "lanes_free";
const saveEveryMs = 200;
const idleSaves = 20;
const dueInMs = 1_000;
const deadlineMs = 180_000;
/** The target lag of urgent deliveries at an endpoint that answers. */
const barMs = 1_000;

/** Contacts are saved while a backfill of 10,000 runs: to the endpoints of the backfill, and to another one. */
export const lanes: Measure = {
  name: "lanes",
  title: "urgent deliveries during a backfill of 10,000",
  async run(world) {
    await world.needFreshOdoo();
    const busyIds = await world.createEndpoints(busyHooks);
    await world.createEndpoints([freeHook]);
    for (const hook of busyHooks) await world.receiver.behave(hook, { latencyMs });
    await world.fillPending({ count: backfillCount * world.rounds, endpointIds: busyIds, lane: "batch" });
    await holdPending(world);
    await world.startSidecar();
    const contact = await world.call<number>("res.partner", "create", [{ name: "Urgent" }]);
    const idle = await saveFor(world, contact, (count) => count < idleSaves);
    const rounds: { same: number; other: number }[] = [];
    for (let round = 1; round <= world.rounds; round += 1) {
      await releaseHeld(world, backfillCount, dueInMs);
      await new Promise((resolve) => setTimeout(resolve, dueInMs * 2));
      const deadline = performance.now() + deadlineMs;
      rounds.push(
        await saveFor(world, contact, async () => performance.now() < deadline && (await isRunning(world))),
      );
      await world.until("the end of the backfill", deadlineMs, async () => !(await isRunning(world)));
    }
    await world.stop("sidecar");
    await world.receiver.forget();
    const same = median(rounds.map((round) => round.same));
    const other = median(rounds.map((round) => round.other));
    return [
      {
        measure: lanes.title,
        figure: `p95 ${same.toFixed(0)} ms at its endpoints, ${other.toFixed(0)} ms elsewhere`,
        reference: `idle ${idle.same.toFixed(0)} ms and ${idle.other.toFixed(0)} ms`,
        bar: `< ${barMs} ms`,
        verdict: judge(Math.max(same, other) < barMs),
      },
    ];
  },
};

/** Saves a contact again and again; returns the p95 of the lags at the endpoints of the backfill and elsewhere. */
async function saveFor(
  world: BenchWorld,
  contact: number,
  isWanted: (count: number) => boolean | Promise<boolean>,
): Promise<{ same: number; other: number }> {
  const sinceMs = Date.now();
  for (let count = 0; await isWanted(count); count += 1) {
    await world.call("res.partner", "write", [[contact], { name: `Urgent ${Math.random()}` }]);
    await new Promise((resolve) => setTimeout(resolve, saveEveryMs));
  }
  await world.until("urgent deliveries", deadlineMs, async () => (await world.sql(openUrgent)) === "");
  const same = await Promise.all(busyHooks.map((hook) => readUrgentLags(world, hook, sinceMs)));
  const other = await readUrgentLags(world, freeHook, sinceMs);
  return { same: quantile(same.flat(), 0.95), other: quantile(other, 0.95) };
}

/** Events of the backfill are older than the measure, so what is recorded since then is urgent. */
function readUrgentLags(world: BenchWorld, hook: string, sinceMs: number): Promise<readonly number[]> {
  return readLags(world, hook, "recorded", sinceMs);
}

const openUrgent =
  "SELECT 'open' FROM integration_delivery WHERE lane = 'urgent' AND state <> 'delivered' LIMIT 1";

async function isRunning(world: BenchWorld): Promise<boolean> {
  const open = await world.sql(`SELECT 'open' FROM integration_delivery
    WHERE lane = 'batch' AND state IN ('pending', 'queued')
      AND coalesce(next_attempt_at, '-infinity') < now() AT TIME ZONE 'UTC' + interval '1 hour' LIMIT 1`);
  return open !== "";
}
