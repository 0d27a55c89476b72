import { judge, type Measure } from "../measure.ts";
import { median } from "../statistics.ts";
import type { BenchWorld } from "../world/bench_world.ts";

const failedCount = 100_000;
/** New contacts before the bulk retry begins, and at least so many while it goes on. */
const samples = 60;
/** Live traffic: one new contact, then a pause. */
const pauseMs = 100;
const lagBarMs = 1_000;
const deadlineMs = 900_000;

/** A hundred thousand failed deliveries are retried by one click while people go on working with the same endpoint. */
export const bulkRetry: Measure = {
  name: "bulk_retry",
  title: "live deliveries while 100,000 are retried in bulk, p95 lag",
  async run(world) {
    const rounds: Awaited<ReturnType<typeof runRound>>[] = [];
    for (let round = 1; round <= world.rounds; round += 1) rounds.push(await runRound(world));
    const before = median(rounds.map((round) => round.lagBeforeMs));
    const during = median(rounds.map((round) => round.lagDuringMs));
    const seconds = Math.max(1, median(rounds.map((round) => round.operationS)));
    return [
      {
        measure: bulkRetry.title,
        figure: `${during.toFixed(0)} ms`,
        reference: `${before.toFixed(0)} ms before, ${(during / before).toFixed(1)} ×`,
        bar: `< ${lagBarMs} ms`,
        verdict: judge(during < lagBarMs),
      },
      {
        measure: "the bulk retry of 100,000 itself, sending them at the same time",
        figure: `${seconds.toFixed(0)} s, ${(failedCount / seconds).toFixed(0)}/s`,
        reference: "–",
        bar: "–",
        verdict: "shown",
      },
    ];
  },
};

async function runRound(world: BenchWorld) {
  await world.needFreshOdoo();
  const [endpointId = 0] = await world.createEndpoints(["bulk_retry"]);
  await world.fillPending({ count: failedCount, endpointIds: [endpointId] });
  await world.sql(`
    UPDATE integration_delivery SET state = 'failed', attempt_count = 14, next_attempt_at = NULL,
           failure_class = 'timeout', last_error = 'No answer' WHERE endpoint_id = ${endpointId};
    VACUUM ANALYZE integration_delivery;`);
  await world.startSidecar();
  const lagBeforeMs = await measureLag(world, await workFor(world, samples, async () => false));
  const startedAt = performance.now();
  const operationId = await startBulkRetry(world, endpointId);
  const isOver = async () => {
    const state = await world.sql(`SELECT state FROM integration_bulk_operation WHERE id = ${operationId}`);
    if (state === "running" && performance.now() - startedAt < deadlineMs) return false;
    if (state !== "done") throw new Error(`expected the bulk retry to be done, it is ${state}`);
    return true;
  };
  const liveIds = await workFor(world, Number.POSITIVE_INFINITY, isOver);
  const lagDuringMs = await measureLag(world, liveIds);
  const took = await world.sql(`SELECT extract(epoch FROM finished_at - started_at)
    FROM integration_bulk_operation WHERE id = ${operationId}`);
  await world.stop("sidecar");
  await world.receiver.forget();
  return { lagBeforeMs, lagDuringMs, operationS: Number(took) };
}

/** Makes contacts, at least `samples`, until there are `max` of them or it is over. Returns their ids. */
async function workFor(world: BenchWorld, max: number, isOver: () => Promise<boolean>): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < max && (ids.length < samples || !(await isOver()))) {
    world.signal.throwIfAborted();
    ids.push(await world.call<number>("res.partner", "create", [{ name: `Live ${ids.length}` }]));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (!Number.isFinite(max)) {
    await world.until("the bulk retry to be done", deadlineMs, isOver);
  }
  return ids;
}

/** From the commit in Odoo until the endpoint's answer, p95 in ms, when all of these have arrived. */
async function measureLag(world: BenchWorld, partnerIds: readonly number[]): Promise<number> {
  const ours = `FROM integration_delivery d JOIN integration_event e ON e.id = d.event_id
    WHERE d.res_model = 'res.partner' AND d.res_id IN (${partnerIds.join(", ")})`;
  await world.until("the live deliveries to arrive", deadlineMs, async () => {
    return (await world.sql(`SELECT count(*) ${ours} AND d.state <> 'delivered'`)) === "0";
  });
  return Number(
    await world.sql(`SELECT percentile_disc(0.95) WITHIN GROUP (
      ORDER BY extract(epoch FROM d.delivered_at - e.recorded_at) * 1000) ${ours}`),
  );
}

/** As a person does: all that a filter finds, preview, Retry. Returns the operation's id. */
async function startBulkRetry(world: BenchWorld, endpointId: number): Promise<number> {
  const domain = [
    ["endpoint_id", "=", endpointId],
    ["state", "=", "failed"],
  ];
  const [firstId] = await world.call<number[]>("integration.delivery", "search", [domain], { limit: 1 });
  const context = { active_domain: domain, integration_select_all: true };
  const shown = await world.call<{ res_id: number }>(
    "integration.delivery",
    "action_bulk_retry",
    [[firstId]],
    {
      context,
    },
  );
  const opened = await world.call<{ res_id: number }>("integration.bulk.wizard", "action_start", [
    [shown.res_id],
  ]);
  return opened.res_id;
}
