import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runStep } from "../stack/progress.ts";
import { audit } from "./audit/audit.ts";
import { judge } from "./audit/check.ts";
import { gatherFacts } from "./audit/facts.ts";
import { CallBook } from "./business/call_book.ts";
import { prepareCatalogue } from "./business/catalogue.ts";
import { createEndpoints } from "./business/endpoints.ts";
import { operate } from "./business/operator.ts";
import { doBusiness } from "./business/people.ts";
import { waitForQuiet } from "./quiet.ts";
import { Random } from "./random.ts";
import type { ChaosReport } from "./report.ts";
import type { ChaosWorld } from "./world/chaos_world.ts";
import { planKills } from "./world/kill_plan.ts";
import { carryOut } from "./world/killer.ts";

export interface ChaosRun {
  readonly minutes: number;
  readonly seed: number;
  readonly quietDeadlineMs: number;
}

/**
 * People work while services die, then everything comes to rest and is audited.
 * PostgreSQL, RabbitMQ and Odoo of the world run already; the database is fresh.
 */
export async function runChaos(world: ChaosWorld, run: ChaosRun, signal: AbortSignal): Promise<ChaosReport> {
  const { stack, database } = world;
  const random = new Random(run.seed);
  const prepared = await runStep("endpoints, people, sidecars and the hostile receiver", async () => {
    await world.startReceiver(signal);
    await world.startSidecars(signal);
    const catalogue = await prepareCatalogue(stack.odooUrl, database, signal);
    const endpoints = await createEndpoints(world, signal);
    // From here on the tables note what is committed, and nothing before counts.
    const truth = readFileSync(join(import.meta.dirname, "audit/truth.sql"), "utf8");
    await stack.sql(database, truth, signal);
    const last = await stack.sql(database, "SELECT COALESCE(max(id), 0) FROM integration_event", signal);
    return { catalogue, endpoints, lastEventBefore: Number(last) };
  });

  const book = new CallBook(`C${run.seed.toString(36)}x`);
  const durationMs = run.minutes * 60_000;
  const isOver = new AbortController();
  const isQuiet = new AbortController();
  const endpointIds = Object.values(prepared.endpoints);
  const operator = operate(stack.odooUrl, database, endpointIds, AbortSignal.any([isQuiet.signal, signal]));
  operator.catch(() => {});
  try {
    await runStep(`people at work, services killed (${run.minutes} min, seed ${run.seed})`, async () => {
      const timer = setTimeout(() => isOver.abort(), durationMs);
      const parts = { book, catalogue: prepared.catalogue, random: random.fork("people") };
      const until = AbortSignal.any([isOver.signal, signal]);
      const kills = carryOut(planKills(durationMs, random.fork("kills")), world, signal);
      await Promise.all([doBusiness(stack.odooUrl, database, parts, until, signal), kills]).finally(() => {
        clearTimeout(timer);
        // Also when one of them failed: nobody works on unseen.
        isOver.abort();
      });
    });
    const quiet = await runStep("waiting for quiet", () =>
      waitForQuiet(world, endpointIds, run.quietDeadlineMs, signal),
    );
    isQuiet.abort();
    await world.stopAllButDatabase();
    const facts = await gatherFacts(world, { calls: book.calls, kills: world.kills, ...prepared }, signal);
    // Next to the logs of the services, for whoever has to find a cause.
    writeFileSync(join(stack.paths.logs, "chaos_facts.json"), JSON.stringify(facts));
    const ended = world.crashes.map((text) => ({ text }));
    const checks = [...audit(facts), judge("service that ended by itself", world.kills.length, ended)];
    return { ...run, facts, operator: await operator, quiet, checks };
  } finally {
    isQuiet.abort();
  }
}
