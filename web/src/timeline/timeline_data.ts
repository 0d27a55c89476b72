/** What Odoo answers to `integration.delivery.get_document_timeline()`, checked here and trusted inside. */

/** How an entry looks: arrived, will be tried, refused, given up, or just news. */
export type EntryLook = "good" | "wait" | "failed" | "ended" | "neutral";

export interface TimelineEntry {
  readonly key: string;
  /** event, queued, attempt, person, system, or next for what is still to come. */
  readonly kind: string;
  /** Null for what comes at no known time. */
  readonly atMs: number | null;
  readonly systemIds: readonly number[];
  readonly title: string;
  readonly detail: string;
  readonly look: EntryLook;
  /** From 1; 0 for what is no try. */
  readonly attemptNumber: number;
  readonly durationMs: number;
  /** The beginning of what the system answered; text, whatever it contains. */
  readonly answer: string;
}

export interface TimelineSystem {
  readonly id: number;
  readonly name: string;
  /** The document's state there, as on its badge. */
  readonly state: string;
}

export interface Timeline {
  readonly systems: readonly TimelineSystem[];
  readonly entries: readonly TimelineEntry[];
  /** Older deliveries that are not told here. */
  readonly hiddenCount: number;
}

type Fields = Readonly<Record<string, unknown>>;

const LOOKS: readonly string[] = ["good", "wait", "failed", "ended", "neutral"];

/** @throws Error `IM_TIMELINE_INVALID` when the answer has another shape. */
export function parseTimeline(answer: unknown): Timeline {
  const fields = readFields(answer, "get_document_timeline()");
  return {
    systems: readRows(fields, "systems").map((row) => ({
      id: readNumber(row.id),
      name: readText(row.name),
      state: readText(row.state),
    })),
    entries: readRows(fields, "entries").map(toEntry),
    hiddenCount: readNumber(fields.hidden_count),
  };
}

/** The entries about one system, or all of them for null. */
export function filterEntries(timeline: Timeline, systemId: number | null): readonly TimelineEntry[] {
  return systemId === null
    ? timeline.entries
    : timeline.entries.filter((entry) => entry.systemIds.includes(systemId));
}

/** Whether something is bound to change without anybody doing anything. */
export function isUnsettled(timeline: Timeline): boolean {
  return timeline.entries.some((entry) => entry.kind === "next" && entry.look === "wait");
}

function toEntry(row: Fields): TimelineEntry {
  return {
    key: readText(row.key),
    kind: readText(row.kind),
    atMs: typeof row.at_ms === "number" ? row.at_ms : null,
    systemIds: Array.isArray(row.system_ids) ? row.system_ids.map(readNumber) : [],
    title: readText(row.title),
    detail: readText(row.detail),
    look: readLook(row.look),
    attemptNumber: readNumber(row.attempt_number),
    durationMs: readNumber(row.duration_ms),
    answer: readText(row.answer),
  };
}

function readLook(value: unknown): EntryLook {
  // A newer server may know looks that this page does not.
  return typeof value === "string" && LOOKS.includes(value) ? (value as EntryLook) : "neutral";
}

function readFields(value: unknown, place: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`IM_TIMELINE_INVALID: ${place} must be an object, got ${JSON.stringify(value)}`);
  }
  // An object that is no array can be read by key; every value is checked where it is read.
  return value as Fields;
}

function readRows(fields: Fields, key: string): Fields[] {
  const rows = fields[key];
  if (!Array.isArray(rows)) {
    throw new Error(`IM_TIMELINE_INVALID: ${key} must be a list, got ${JSON.stringify(rows)}`);
  }
  return rows.map((row) => readFields(row, key));
}

function readNumber(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function readText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
