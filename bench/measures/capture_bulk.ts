import { judge, type Measure } from "../measure.ts";
import { bulkSize, middle, needPlainDatabases, relative, timeSaves } from "../saving/saving.ts";
import { formatMs, formatRatio } from "../table.ts";

const bar = 1.15;
const createsPerRound = 1;
const pauseMs = 300;

/** No sidecar runs: the deliveries wait, and sending them is not what is measured. */
export const captureBulk: Measure = {
  name: "capture_bulk",
  title: `creating ${bulkSize} contacts at once, 1 subscription`,
  async run(world) {
    await world.needFreshOdoo();
    await needPlainDatabases(world);
    await world.createEndpoints(["capture_bulk"]);
    const { ours, without } = await timeSaves(world, {
      what: "bulk",
      counts: { without: createsPerRound, ours: createsPerRound },
      // One save a round: more rounds than elsewhere, for a middle that means something.
      rounds: 4 * world.rounds + 1,
      pauseMs,
    });
    const figure = relative(ours, without);
    return [
      {
        measure: captureBulk.title,
        figure: `${formatMs(middle(ours))} = ${formatRatio(figure)}`,
        reference: `without ${formatMs(middle(without))}`,
        bar: `≤ ${formatRatio(bar)}`,
        verdict: judge(figure <= bar),
      },
    ];
  },
};
