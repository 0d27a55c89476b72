import { chooseSecrets } from "../../chaos/business/endpoints.ts";
import { type ChaosReport, renderReport } from "../../chaos/report.ts";
import { runChaos } from "../../chaos/run.ts";
import { ChaosWorld } from "../../chaos/world/chaos_world.ts";
import type { PortChooser } from "../ports.ts";
import { runStep } from "../progress.ts";
import type { Stack } from "../stack.ts";
import type { Supervisor } from "../supervisor.ts";
import { judgePhase, type PhaseResult } from "./phase.ts";

const minutes = 1.5;
const quietDeadlineMs = 150_000;
// The same plan in every run, so that a failure speaks of the change and not of the draw. New storms are for
// `npm run chaos`.
const seed = 20261120;

/** What `npm run chaos` does, for a minute and a half. The stack's database is fresh, its Odoo not started. */
export async function runChaosPhase(
  stack: Stack,
  database: string,
  supervisor: Supervisor,
  chooser: PortChooser,
  crashes: readonly string[],
  signal: AbortSignal,
): Promise<PhaseResult> {
  await runStep("Odoo", () => stack.startOdoo(database, signal));
  const settings = { database, seed, secrets: chooseSecrets(), crashes };
  const world = await ChaosWorld.plan(stack, supervisor, chooser, settings);
  try {
    const report = await runChaos(world, { minutes, seed, quietDeadlineMs }, signal);
    console.log(`\n${renderReport(report).replace(/^(?=.)/gm, "  ")}\n`);
    return judgeChaos(report);
  } finally {
    await world.stopAllButDatabase();
  }
}

/** One result per promise. */
function judgeChaos(report: Pick<ChaosReport, "checks" | "seed">): PhaseResult {
  const broken = report.checks.filter(({ breaches }) => breaches.length > 0);
  const faults = broken.map(
    ({ promise, breaches }) => `${promise}: ${breaches.length} (seed ${report.seed})`,
  );
  const counts = { passed: report.checks.length - broken.length, failed: broken.length, skipped: 0 };
  return judgePhase("chaos", counts, faults);
}
