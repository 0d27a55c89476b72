import type { Measure, Row } from "../measure.ts";
import {
  added,
  bulkSize,
  conditions,
  middle,
  needPlainDatabases,
  relative,
  timeSaves,
} from "../saving/saving.ts";
import { formatMs, formatRatio } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";

const actionCount = 3;
/** Fewer than of ours: with dead endpoints each takes seconds. */
const savesPerRound = 4;
const pauseMs = 20;
/** Longer than a slow answer takes. */
const settleMs = 3_000;

/** Odoo's own "Send Webhook Notification" in an automation rule that fires as our event type does. */
export const builtinWebhook: Measure = {
  name: "builtin_webhook",
  title: "Odoo's built-in webhook",
  async run(world) {
    await world.needFreshOdoo();
    const rows: Row[] = [];
    for (const condition of Object.keys(conditions) as (keyof typeof conditions)[]) {
      rows.push(...(await measureSaves(world, condition)));
    }
    rows.push(await measureBulk(world));
    await world.receiver.forget();
    return rows;
  },
};

async function measureSaves(world: BenchWorld, condition: keyof typeof conditions): Promise<Row[]> {
  await needPlainDatabases(world);
  const hooks = Array.from({ length: actionCount }, (_, index) => `builtin_${condition}_${index}`);
  for (const hook of hooks) await world.receiver.behave(hook, conditions[condition]);
  const { webhook, without } = await timeSaves(world, {
    what: "one",
    counts: { without: savesPerRound, webhook: savesPerRound },
    rounds: world.rounds,
    webhookHooks: hooks,
    pauseMs,
  });
  for (const hook of hooks) await world.receiver.behave(hook, conditions.healthy);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const counts = await world.receiver.readCounts();
  const accepted = hooks.reduce((sum, hook) => sum + (counts[hook]?.accepted ?? 0), 0);
  const expected = webhook.events * hooks.length;
  return [
    show(
      `${builtinWebhook.title}: added to saving one document, 3 actions, ${condition} endpoints`,
      `+${formatMs(added(webhook, without))} p50`,
      `without ${formatMs(middle(without))}`,
    ),
    show(
      `${builtinWebhook.title}: events lost, ${condition} endpoints, after they recovered`,
      `${Math.max(0, expected - accepted)}`,
      `${expected} in all`,
    ),
  ];
}

async function measureBulk(world: BenchWorld): Promise<Row> {
  await needPlainDatabases(world);
  const { webhook, without } = await timeSaves(world, {
    what: "bulk",
    counts: { without: 1, webhook: 1 },
    rounds: world.rounds,
    webhookHooks: ["builtin_bulk"],
    pauseMs,
  });
  return show(
    `${builtinWebhook.title}: creating ${bulkSize} contacts at once, 1 action, healthy endpoint`,
    `${formatMs(middle(webhook))} = ${formatRatio(relative(webhook, without))}`,
    `without ${formatMs(middle(without))}`,
  );
}

function show(measure: string, figure: string, reference: string): Row {
  return { measure, figure, reference, bar: "–", verdict: "shown" };
}
