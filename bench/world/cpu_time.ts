import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second. */
const ticksPerMs = 0.1;

interface ProcessFacts {
  readonly parent: number;
  readonly ticks: number;
}

/** Processor time that each of these processes and all its living descendants have used so far, in ms. */
export function readCpuMs(pids: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const facts = readProcesses();
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [name, sumTicks(pid, facts) / ticksPerMs]),
  );
}

function sumTicks(root: number, facts: ReadonlyMap<number, ProcessFacts>): number {
  let ticks = 0;
  for (const [pid, { ticks: own }] of facts) {
    if (descendsFrom(pid, root, facts)) ticks += own;
  }
  return ticks;
}

function descendsFrom(pid: number, root: number, facts: ReadonlyMap<number, ProcessFacts>): boolean {
  for (let current = pid; current > 1; current = facts.get(current)?.parent ?? 0) {
    if (current === root) return true;
  }
  return false;
}

function readProcesses(): ReadonlyMap<number, ProcessFacts> {
  const facts = new Map<number, ProcessFacts>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fact = readProcess(name);
    if (fact !== undefined) facts.set(Number(name), fact);
  }
  return facts;
}

/** Fields of proc(5) /proc/pid/stat after the name, which may hold blanks itself. */
function readProcess(pid: string): ProcessFacts | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // It ended meanwhile.
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    parent: Number(fields[1]),
    ticks: Number(fields[11]) + Number(fields[12]),
  };
}
