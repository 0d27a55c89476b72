/** Saves of contacts, timed inside Odoo, with what follows a save as the only difference. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutDir } from "../../stack/paths.ts";
import { baseDatabase } from "../../stack/template_cluster.ts";
import { median } from "../statistics.ts";
import type { BenchWorld } from "../world/bench_world.ts";

/** without: Odoo's own addons only. ours: capture. webhook: Odoo's built-in "Send Webhook Notification". */
export type Kind = "without" | "ours" | "webhook";

export interface SavingPlan {
  readonly what: "one" | "bulk";
  /** Saves per round; a kind that is left out does not run. */
  readonly counts: Readonly<Partial<Record<Kind, number>>>;
  readonly rounds: number;
  /** Hooks of the receiver that the built-in webhook posts to; of ours, the subscriptions say it. */
  readonly webhookHooks?: readonly string[];
  /** Between two saves, so that what a save leaves to others does not fall into the next one. */
  readonly pauseMs: number;
}

export interface SavingTimes {
  /** Milliseconds by round. */
  readonly rounds: readonly (readonly number[])[];
  /** Saves in all, warm-up included: as many events as there should be, for each endpoint. */
  readonly events: number;
}

export const bulkSize = 500;

/** How the endpoints answer. Slower than the second that the built-in webhook waits; or not at all. */
export const conditions = {
  healthy: {},
  slow: { latencyMs: 2_000 },
  dead: { isHanging: true },
} as const;

/** The database without our addons, as it is installed; for `without` and `webhook`. */
export async function needPlainDatabases(world: BenchWorld): Promise<void> {
  for (const kind of ["without", "webhook"] as const) {
    await world.stack.copyDatabase(baseDatabase, databaseOf(world, kind), world.signal);
  }
}

export async function timeSaves(
  world: BenchWorld,
  plan: SavingPlan,
): Promise<Readonly<Record<Kind, SavingTimes>>> {
  const kinds = Object.keys(plan.counts) as Kind[];
  const resultFile = join(world.stack.paths.dir, "saving.json");
  const parameters = {
    result_file: resultFile,
    what: plan.what,
    bulk_size: bulkSize,
    rounds: plan.rounds,
    counts: plan.counts,
    pause_s: plan.pauseMs / 1000,
    kinds: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        {
          database: databaseOf(world, kind),
          webhook_urls:
            kind === "webhook" ? (plan.webhookHooks ?? []).map((hook) => world.receiver.hookUrl(hook)) : [],
        },
      ]),
    ),
  };
  const script = join(checkoutDir, "bench/saving/time_saves.py");
  await world.stack.odoo.runScript(
    databaseOf(world, kinds[0] ?? "without"),
    script,
    parameters,
    world.signal,
  );
  return JSON.parse(readFileSync(resultFile, "utf8")) as Record<Kind, SavingTimes>;
}

/** Middle save of the middle round. */
export function middle(times: SavingTimes): number {
  return median(times.rounds.map((round) => median(round)));
}

/** What `more` takes beyond `less`: per round, because a busy moment hits both; then the middle round. */
export function added(more: SavingTimes, less: SavingTimes): number {
  return median(more.rounds.map((round, index) => median(round) - median(less.rounds[index] ?? [])));
}

/** As `added`, as a ratio. */
export function relative(more: SavingTimes, less: SavingTimes): number {
  return median(more.rounds.map((round, index) => median(round) / median(less.rounds[index] ?? [])));
}

function databaseOf(world: BenchWorld, kind: Kind): string {
  return kind === "ours" ? world.database : `${world.database}_${kind}`;
}
