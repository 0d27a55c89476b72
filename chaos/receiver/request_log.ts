import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { LogLine } from "./request_line.ts";

/** Appends to the receiver's log and remembers how often each delivery came, over restarts too. */
export class RequestLog {
  readonly #file: string;
  readonly #counts = new Map<string, number>();

  constructor(file: string) {
    this.#file = file;
    for (const line of readLogLines(file)) if (line.kind === "request") this.#count(line);
  }

  /** How many requests of this delivery came so far. */
  countOf(hook: string, webhookId: string): number {
    return this.#counts.get(`${hook} ${webhookId}`) ?? 0;
  }

  write(line: LogLine): void {
    // Synchronous: when the answer leaves, the line is with the operating system, which survives our kill.
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
    if (line.kind === "request") this.#count(line);
  }

  #count({ hook, webhook_id }: { readonly hook: string; readonly webhook_id: string }): void {
    this.#counts.set(`${hook} ${webhook_id}`, this.countOf(hook, webhook_id) + 1);
  }
}

export function readLogLines(file: string): LogLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as LogLine);
}
