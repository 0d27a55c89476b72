import { readdirSync, readFileSync } from "node:fs";

export interface Memory {
  /** Resident now, in MB (2^20 bytes). */
  readonly residentMb: number;
  /** Highest it ever was. */
  readonly peakMb: number;
}

/** Memory of a process and all that it has started, summed. */
export function readMemory(pid: number): Memory {
  const children = readChildren();
  const pids = [pid];
  for (const parent of pids) pids.push(...(children.get(parent) ?? []));
  const all = pids.map(readOne);
  const sum = (name: keyof Memory) => all.reduce((total, memory) => total + memory[name], 0);
  return { residentMb: sum("residentMb"), peakMb: sum("peakMb") };
}

function readChildren(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const parent = readNumber(readStatus(Number(name)), "PPid");
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function readOne(pid: number): Memory {
  const status = readStatus(pid);
  return { residentMb: readNumber(status, "VmRSS") / 1024, peakMb: readNumber(status, "VmHWM") / 1024 };
}

function readNumber(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    // Ended in the meantime.
    return "";
  }
}
