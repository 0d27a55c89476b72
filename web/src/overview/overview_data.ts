/** What Odoo answers to `integration.delivery.get_overview()`, checked at this edge and trusted inside. */

export interface EndpointRow {
  readonly id: number;
  readonly name: string;
  /** draft, active, paused, stopped or fenced. */
  readonly state: string;
  /** ok, waiting, failing, stopped or draft. */
  readonly health: string;
  /** closed, or open and half_open while the endpoint is given a rest. */
  readonly breakerState: string;
  /** When a resting endpoint is tried again. */
  readonly breakerProbeAtMs: number | null;
  readonly pendingCount: number;
  readonly failedCount: number;
  readonly lastDeliveredAtMs: number | null;
  readonly lastError: string;
}

export interface WorkerRow {
  readonly name: string;
  readonly version: string;
  readonly lastSeenAtMs: number | null;
  readonly isAlive: boolean;
}

/** Times are UTC instants in ms since the epoch, by the clock of the server. */
export interface Overview {
  readonly serverTimeMs: number;
  readonly isFlowing: boolean;
  readonly pendingCount: number;
  readonly queuedCount: number;
  readonly failedCount: number;
  readonly deliveredCount24h: number;
  /** Taken back from the broker, which had them for too long. */
  readonly lostCount24h: number;
  /** Open cases of messages that belong to no delivery. */
  readonly parkedCount: number;
  readonly oldestPendingAtMs: number | null;
  readonly endpoints: readonly EndpointRow[];
  readonly workers: readonly WorkerRow[];
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws Error `IM_OVERVIEW_INVALID` when the answer has another shape. */
export function parseOverview(answer: unknown): Overview {
  const fields = readFields(answer, "get_overview()");
  const counts = readFields(fields.counts, "counts");
  return {
    serverTimeMs: parseInstant(fields.server_time) ?? Date.now(),
    isFlowing: fields.is_flowing === true,
    pendingCount: readCount(counts, "pending"),
    queuedCount: readCount(counts, "queued"),
    failedCount: readCount(counts, "failed"),
    deliveredCount24h: readCount(counts, "delivered_24h"),
    lostCount24h: readCount(counts, "lost_24h"),
    parkedCount: readCount(counts, "parked"),
    oldestPendingAtMs: parseInstant(fields.oldest_pending_at),
    endpoints: readRows(fields, "endpoints").map(toEndpointRow),
    workers: readRows(fields, "workers").map(toWorkerRow),
  };
}

/** Odoo's `2026-11-20 08:31:54` and ISO 8601 are both UTC here; anything else is null. */
export function parseInstant(value: unknown): number | null {
  if (typeof value !== "string") {
    return null;
  }
  const iso = value.replace(" ", "T");
  const instantMs = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(instantMs) ? null : instantMs;
}

function toEndpointRow(fields: Fields): EndpointRow {
  return {
    id: readCount(fields, "id"),
    name: readText(fields, "name"),
    state: readText(fields, "state"),
    health: readText(fields, "health"),
    breakerState: readText(fields, "breaker_state"),
    breakerProbeAtMs: parseInstant(fields.breaker_probe_at),
    pendingCount: readCount(fields, "pending_count"),
    failedCount: readCount(fields, "failed_count"),
    lastDeliveredAtMs: parseInstant(fields.last_delivered_at),
    lastError: readText(fields, "last_error"),
  };
}

/** Whether deliveries wait because the endpoint does not answer; a paused or stopped one waits for a person. */
export function isResting({ state, breakerState }: EndpointRow): boolean {
  return state === "active" && (breakerState === "open" || breakerState === "half_open");
}

function toWorkerRow(fields: Fields): WorkerRow {
  return {
    name: readText(fields, "name"),
    version: readText(fields, "version"),
    lastSeenAtMs: parseInstant(fields.last_seen_at),
    isAlive: fields.alive === true,
  };
}

function readFields(value: unknown, place: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`IM_OVERVIEW_INVALID: ${place} must be an object, got ${JSON.stringify(value)}`);
  }
  // An object that is no array can be read by key; every value is checked where it is read.
  return value as Fields;
}

function readRows(fields: Fields, key: string): Fields[] {
  const rows = fields[key];
  if (!Array.isArray(rows)) {
    throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a list, got ${JSON.stringify(rows)}`);
  }
  return rows.map((row) => readFields(row, key));
}

function readCount(fields: Fields, key: string): number {
  const count = fields[key];
  if (typeof count !== "number" || !Number.isFinite(count)) {
    throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a number, got ${JSON.stringify(count)}`);
  }
  return count;
}

function readText(fields: Fields, key: string): string {
  const text = fields[key];
  return typeof text === "string" ? text : "";
}
