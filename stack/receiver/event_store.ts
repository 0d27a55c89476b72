import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Hook, ReceivedEvent } from "./received_event.ts";

/** Answer of the switchable hook. */
export interface HookSwitch {
  readonly accept: boolean;
  readonly status: number;
  readonly text: string;
}

export type Secrets = Partial<Record<Hook, string>>;

const eventsKeptMax = 2_000;
/** Of the file that grew until the restart; Node cannot read a text of more than half a gigabyte. */
const bytesReadMax = 64 * 1024 * 1024;
const accepting: HookSwitch = {
  accept: true,
  status: 422,
  text: "Unknown tax identifier. Correct the partner and send it again.",
};

/**
 * What the receiver remembers, in memory and in a folder: a restart must still know which events it has had,
 * or it would take a repeated one for new.
 */
export class EventStore {
  readonly #dir: string;
  #events: ReceivedEvent[];
  readonly #acceptedIds: Set<string>;
  #switch: HookSwitch;
  #secrets: Secrets;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
    this.#events = readLines(this.#file("events.jsonl")).slice(-eventsKeptMax);
    // What is not kept would only be read again at each start.
    const kept = this.#events.map((event) => `${JSON.stringify(event)}\n`).join("");
    writeFileSync(this.#file("events.jsonl"), kept);
    this.#acceptedIds = new Set(this.#events.filter(wasAccepted).map(keyOf));
    this.#switch = readJson(this.#file("switch.json"), accepting);
    this.#secrets = readJson(this.#file("secrets.json"), {});
  }

  get hookSwitch(): HookSwitch {
    return this.#switch;
  }

  get secrets(): Secrets {
    return this.#secrets;
  }

  setSwitch(value: HookSwitch): void {
    this.#switch = value;
    writeFileSync(this.#file("switch.json"), JSON.stringify(value));
  }

  setSecrets(value: Secrets): void {
    this.#secrets = value;
    writeFileSync(this.#file("secrets.json"), JSON.stringify(value), { mode: 0o600 });
  }

  /** Newest first. */
  list(hook?: Hook): ReceivedEvent[] {
    return this.#events.filter((event) => !hook || event.hook === hook).reverse();
  }

  /** Keeps the request and says whether the hook had accepted one of that webhook-id before. */
  add(event: Omit<ReceivedEvent, "duplicate">): ReceivedEvent {
    const kept: ReceivedEvent = { ...event, duplicate: this.#acceptedIds.has(keyOf(event)) };
    if (wasAccepted(kept)) this.#acceptedIds.add(keyOf(kept));
    this.#events = [...this.#events.slice(1 - eventsKeptMax), kept];
    appendFileSync(this.#file("events.jsonl"), `${JSON.stringify(kept)}\n`);
    return kept;
  }

  clear(): void {
    this.#events = [];
    this.#acceptedIds.clear();
    rmSync(this.#file("events.jsonl"), { force: true });
  }

  #file(name: string): string {
    return join(this.#dir, name);
  }
}

function keyOf({ hook, webhook_id }: Pick<ReceivedEvent, "hook" | "webhook_id">): string {
  return `${hook} ${webhook_id}`;
}

function wasAccepted({ status }: Pick<ReceivedEvent, "status">): boolean {
  return status < 300;
}

function readLines(file: string): ReceivedEvent[] {
  if (!existsSync(file)) return [];
  // A kill may have cut the last line, and we the first one.
  return readEnd(file, bytesReadMax)
    .split("\n")
    .flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as ReceivedEvent] : [];
      } catch {
        return [];
      }
    });
}

function readEnd(file: string, bytesMax: number): string {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, bytesMax));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8");
  } finally {
    closeSync(descriptor);
  }
}

function readJson<T>(file: string, missing: T): T {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : missing;
}
