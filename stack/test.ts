import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeFailure, type Lifetime, watchLifetime } from "./lifetime.ts";
import { prepareMachine } from "./machine.ts";
import { checkoutDir, stackPaths } from "./paths.ts";
import { PortChooser } from "./ports.ts";
import { tell } from "./progress.ts";
import { Supervisor } from "./supervisor.ts";
import { parseTestOptions, type TestOptions } from "./test_options.ts";
import { runLintPhase } from "./testing/lint_phase.ts";
import { judgePhase, type PhaseResult, summarise } from "./testing/phase.ts";
import { TestBed } from "./testing/test_bed.ts";

// `npm test`: every check and test against a stack of its own. The last line is "N passed, N failed".

const startedAt = performance.now();
const results: PhaseResult[] = [];
const dir = realpathSync(mkdtempSync(join(tmpdir(), "integration-monitor-test-")));
// Browsers and tools leave files in the temporary folder; in this one they go with the rest.
process.env.TMPDIR = join(dir, "tmp");
mkdirSync(process.env.TMPDIR, { mode: 0o700 });
const savedLogs = join(checkoutDir, ".cache/test_logs");
const crashes: string[] = [];
const supervisor = new Supervisor(dir, (message) => {
  crashes.push(message);
  console.error(`\n${message}\n`);
});
const lifetime = watchLifetime(() => supervisor.killAll());
let isKeeping = false;

try {
  const options = parseTestOptions(process.argv.slice(2));
  isKeeping = options.isKeeping;
  await runPhases(options, lifetime);
} catch (error) {
  console.error(describeFailure(error));
  results.push(judgePhase("stack", { passed: 0, failed: 1, skipped: 0 }, [firstLine(error)]));
}
for (const crash of crashes) {
  results.push(judgePhase("stack", { passed: 0, failed: 1, skipped: 0 }, [firstLine(crash)]));
}
await supervisor.stopAll();
saveLogs();
if (isKeeping) tell(`\nKept: ${dir}`);
else rmSync(dir, { recursive: true, force: true });
const hasFailed = results.some(({ failed }) => failed > 0);
if (hasFailed) tell(`\nLogs of the services: ${savedLogs}`);
tell(`\nTook ${((performance.now() - startedAt) / 60_000).toFixed(1)} min`);
console.log(summarise(results));
process.exit(hasFailed || lifetime.signal.aborted ? 1 : 0);

async function runPhases(options: TestOptions, { signal }: Lifetime): Promise<void> {
  const machine = await prepareMachine("test", signal);
  await phase("lint", options, () => runLintPhase(signal));
  const needsServers = ["vitest", "odoo", "e2e", "chaos"] as const;
  if (!needsServers.some((name) => options.phases.has(name))) return;
  const chooser = new PortChooser();
  const bed = await TestBed.setUp(machine, stackPaths(dir), chooser, supervisor, signal);
  // Vitest's tests mostly wait, Odoo's mostly calculate: side by side they take little longer than one of them.
  await Promise.all([
    phase("vitest", options, () => bed.runVitest(signal)),
    phase("odoo", options, () => bed.runOdooTests(options.odooTags, signal)),
  ]);
  await phase("e2e", options, () => bed.runE2e(signal));
  await phase("chaos", options, () => bed.runChaos(chooser, crashes, signal));
}

/** Runs a phase when it is asked for. What breaks it counts as its failure; the others still run. */
async function phase(name: string, options: TestOptions, run: () => Promise<PhaseResult>): Promise<void> {
  if (![...options.phases].some((chosen) => chosen === name)) return;
  lifetime.signal.throwIfAborted();
  tell(`\n${name}`);
  try {
    results.push(await run());
  } catch (error) {
    lifetime.signal.throwIfAborted();
    console.error(describeFailure(error));
    results.push(judgePhase(name, { passed: 0, failed: 1, skipped: 0 }, [firstLine(error)]));
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function saveLogs(): void {
  rmSync(savedLogs, { recursive: true, force: true });
  mkdirSync(savedLogs, { recursive: true });
  const logs = join(dir, "logs");
  if (existsSync(logs)) cpSync(logs, savedLogs, { recursive: true });
}
