import { writeFileSync } from "node:fs";
import os from "node:os";
import { describeFailure } from "../stack/lifetime.ts";
import { runPrivately } from "../stack/private_run.ts";
import { tell } from "../stack/progress.ts";
import type { Row } from "./measure.ts";
import { measures } from "./measures/all.ts";
import { type BenchOptions, parseBenchOptions } from "./options.ts";
import { renderTable } from "./table.ts";
import { BenchWorld } from "./world/bench_world.ts";

// `npm run bench`: what the product does on this machine, in one table.

const options = readOptionsOrExit();
const exitCode = await runPrivately("bench", options.isKeeping, async (run) => {
  const rows = await runMeasures(await BenchWorld.plan(run, options.rounds));
  for (const crash of run.crashes) console.error(crash);
  report(rows);
  return run.crashes.length === 0 && rows.every(({ verdict }) => verdict !== "missed");
});
process.exit(exitCode);

async function runMeasures(world: BenchWorld): Promise<Row[]> {
  const rows: Row[] = [];
  for (const measure of measures) {
    if (options.only.length > 0 && !options.only.includes(measure.name)) continue;
    const startedAt = performance.now();
    tell(`\n${measure.name}: ${measure.title}`);
    const found = await runOne(measure.name, () => measure.run(world));
    rows.push(...found);
    tell(`${renderTable(found)}\n(${Math.round((performance.now() - startedAt) / 1000)} s)`);
    world.signal.throwIfAborted();
  }
  return rows;
}

/** A measure that breaks is a bar that was missed; the others still run. */
async function runOne(name: string, run: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
  try {
    return await run();
  } catch (error) {
    console.error(describeFailure(error));
    return [{ measure: name, figure: "broke", reference: "–", bar: "–", verdict: "missed" }];
  }
}

function report(rows: readonly Row[]): void {
  const cpus = os.cpus();
  const memoryGb = Math.round(os.totalmem() / 2 ** 30);
  const machine = `${cpus.length} × ${cpus[0]?.model.trim() ?? "CPU"}, ${memoryGb} GB, Node ${process.versions.node}`;
  if (options.jsonFile !== undefined) {
    const facts = { at: new Date().toISOString(), machine, rounds: options.rounds, rows };
    writeFileSync(options.jsonFile, `${JSON.stringify(facts, null, 2)}\n`);
  }
  console.log(`\n${renderTable(rows)}\n\n${options.rounds} rounds; ${machine}`);
}

function readOptionsOrExit(): BenchOptions {
  try {
    return parseBenchOptions(
      process.argv.slice(2),
      measures.map(({ name }) => name),
    );
  } catch (error) {
    console.error(describeFailure(error));
    process.exit(1);
  }
}
