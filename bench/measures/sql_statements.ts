import { judge, type Measure } from "../measure.ts";
import { median } from "../statistics.ts";
import { holdPending, ownMark, releaseHeld, untilRecorded } from "../world/due_deliveries.ts";

const deliveryCount = 5_000;
const warmUpCount = 500;
const endpointCount = 20;
const bar = 2;
const dueInMs = 1_000;
const deadlineMs = 120_000;

/** Everything that Odoo asks of PostgreSQL, from the moment the deliveries are due until all are recorded. */
export const sqlStatements: Measure = {
  name: "sql_statements",
  title: "SQL statements per delivery over its life",
  async run(world) {
    await world.needFreshOdoo();
    const hooks = Array.from({ length: endpointCount }, (_, index) => `sql_statements_${index}`);
    const endpointIds = await world.createEndpoints(hooks);
    await world.fillPending({ count: warmUpCount + world.rounds * deliveryCount, endpointIds });
    await holdPending(world);
    await world.startSidecar();
    await untilRecorded(world, await releaseHeld(world, warmUpCount, 0), deadlineMs);
    const figures: number[] = [];
    for (let round = 1; round <= world.rounds; round += 1) {
      const dueAtMs = await releaseHeld(world, deliveryCount, dueInMs);
      await world.sql("SELECT pg_stat_statements_reset()");
      await untilRecorded(world, dueAtMs, deadlineMs);
      figures.push(Number(await world.sql(countStatements)) / deliveryCount);
    }
    await world.stop("sidecar");
    await world.receiver.forget();
    const figure = median(figures);
    return [
      {
        measure: sqlStatements.title,
        figure: figure.toFixed(2),
        reference: "–",
        bar: `< ${bar}`,
        verdict: judge(figure < bar),
      },
    ];
  },
};

/** BEGIN, COMMIT and savepoints count too, heartbeats and bus as well; the bench's own looks do not. */
const countStatements = `SELECT sum(calls) FROM pg_stat_statements
  WHERE toplevel AND query NOT LIKE '%${ownMark}%' AND query NOT LIKE '%pg_stat_statements%'`;
