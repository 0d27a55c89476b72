/** What Odoo answers to `integration.delivery.get_overview()`, checked at this edge and trusted inside. */
import type { Fields } from "./overview_fields.ts";
import {
  parseInstant,
  readCount,
  readFields,
  readList,
  readNumbers,
  readRows,
  readText,
} from "./overview_fields.ts";

export type Domain = readonly unknown[];
export const PERIODS = ["24h", "7d", "30d", "90d"] as const;
export type Period = (typeof PERIODS)[number];

export interface Money {
  readonly currencyId: number;
  readonly amount: number;
}

/** What is held up: refused, or waiting for longer than usual. */
export interface Held {
  readonly deliveryCount: number;
  /** A document that waits for two systems counts once. */
  readonly documentCount: number;
  readonly sinceMs: number | null;
  /** At most one per currency. */
  readonly money: readonly Money[];
  /** All of it in the company's currency; null when no money waits. */
  readonly worth: Money | null;
}

export interface ProcessRow {
  /** finance, procurement, inventory, sales, master_data or what an addon adds. */
  readonly key: string;
  readonly name: string;
  readonly waitingCount: number;
  readonly failedCount: number;
  readonly held: Held;
}

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
  /** Since when the oldest delivery waits. */
  readonly oldestAtMs: number | null;
  readonly held: Held;
  readonly lastDeliveredAtMs: number | null;
  readonly lastError: string;
  /** Accepted attempts in each part of the period. */
  readonly delivered: readonly number[];
  /** Attempts that were refused or have to be repeated. */
  readonly troubled: readonly number[];
}

export interface WorkerRow {
  readonly name: string;
  readonly version: string;
  readonly lastSeenAtMs: number | null;
  readonly isAlive: boolean;
  /** Whether it reaches the message broker; null when it did not say. */
  readonly isBrokerConnected: boolean | null;
  /** Since when it does not. */
  readonly brokerLostAtMs: number | null;
}

/** One value for each part of the period. */
export interface Series {
  /** Beginnings of the parts, UTC, as domains have them. */
  readonly starts: readonly string[];
  readonly delivered: readonly number[];
  readonly retried: readonly number[];
  readonly failed: readonly number[];
  /** Half of what was accepted had waited no longer, in ms; null where nothing was accepted. */
  readonly halfWithinMs: readonly (number | null)[];
  /** As before, for 95 of 100. */
  readonly mostWithinMs: readonly (number | null)[];
}

/** Times are UTC instants in ms since the epoch, by the clock of the server. */
export interface Overview {
  readonly serverTimeMs: number;
  readonly period: Period;
  /** Those the reader works in now. */
  readonly companies: readonly { readonly id: number; readonly name: string }[];
  /** The chosen one; null for all. */
  readonly companyId: number | null;
  readonly isFlowing: boolean;
  readonly pendingCount: number;
  readonly queuedCount: number;
  readonly failedCount: number;
  /** Accepted attempts in the period. */
  readonly deliveredCount: number;
  /** Taken back from the broker, which had them for too long. */
  readonly lostCount24h: number;
  /** Open cases of messages that belong to no delivery. */
  readonly parkedCount: number;
  readonly oldestPendingAtMs: number | null;
  readonly held: Held;
  readonly processes: readonly ProcessRow[];
  /** Worst first; not all, when there are very many. */
  readonly endpoints: readonly EndpointRow[];
  readonly endpointCount: number;
  readonly workers: readonly WorkerRow[];
  readonly series: Series;
  readonly domains: { readonly held: Domain; readonly lost: Domain; readonly company: Domain };
}

/** @throws Error `IM_OVERVIEW_INVALID` when the answer has another shape. */
export function parseOverview(answer: unknown): Overview {
  const fields = readFields(answer, "get_overview()");
  const counts = readFields(fields.counts, "counts");
  const series = toSeries(readFields(fields.series, "series"));
  const domains = readFields(fields.domains, "domains");
  return {
    serverTimeMs: parseInstant(fields.server_time) ?? Date.now(),
    period: PERIODS.find((period) => period === fields.period) ?? "24h",
    companies: readRows(fields, "companies").map((row) => ({
      id: readCount(row, "id"),
      name: readText(row, "name"),
    })),
    companyId: typeof fields.company_id === "number" ? fields.company_id : null,
    isFlowing: fields.is_flowing === true,
    pendingCount: readCount(counts, "pending"),
    queuedCount: readCount(counts, "queued"),
    failedCount: readCount(counts, "failed"),
    deliveredCount: readCount(counts, "delivered"),
    lostCount24h: readCount(counts, "lost_24h"),
    parkedCount: readCount(counts, "parked"),
    oldestPendingAtMs: parseInstant(fields.oldest_pending_at),
    held: toHeld(fields.held),
    processes: readRows(fields, "processes").map(toProcessRow),
    endpoints: readRows(fields, "endpoints").map((row) => toEndpointRow(row, series.starts.length)),
    endpointCount: readCount(fields, "endpoint_count"),
    workers: readRows(fields, "workers").map(toWorkerRow),
    series,
    domains: {
      held: readList(domains, "held"),
      lost: readList(domains, "lost"),
      company: readList(domains, "company"),
    },
  };
}

/** Whether deliveries wait because the endpoint does not answer; a paused or stopped one waits for a person. */
export function isResting({ state, breakerState }: EndpointRow): boolean {
  return state === "active" && (breakerState === "open" || breakerState === "half_open");
}

function toHeld(value: unknown): Held {
  const fields = readFields(value, "held");
  return {
    deliveryCount: readCount(fields, "deliveries"),
    documentCount: readCount(fields, "documents"),
    sinceMs: parseInstant(fields.since),
    money: readRows(fields, "money").map(toMoney),
    worth: fields.worth === false ? null : toMoney(readFields(fields.worth, "worth")),
  };
}

function toMoney(fields: Fields): Money {
  return { currencyId: readCount(fields, "currency_id"), amount: readCount(fields, "amount") };
}

function toProcessRow(fields: Fields): ProcessRow {
  return {
    key: readText(fields, "key"),
    name: readText(fields, "name"),
    waitingCount: readCount(fields, "waiting"),
    failedCount: readCount(fields, "failed"),
    held: toHeld(fields.held),
  };
}

function toEndpointRow(fields: Fields, partCount: number): EndpointRow {
  return {
    id: readCount(fields, "id"),
    name: readText(fields, "name"),
    state: readText(fields, "state"),
    health: readText(fields, "health"),
    breakerState: readText(fields, "breaker_state"),
    breakerProbeAtMs: parseInstant(fields.breaker_probe_at),
    pendingCount: readCount(fields, "pending_count"),
    failedCount: readCount(fields, "failed_count"),
    oldestAtMs: parseInstant(fields.oldest_at),
    held: toHeld(fields.held),
    lastDeliveredAtMs: parseInstant(fields.last_delivered_at),
    lastError: readText(fields, "last_error"),
    delivered: readSparse(fields, "delivered", partCount),
    troubled: readSparse(fields, "troubled", partCount),
  };
}

/** A line that comes as `{place: count}`, because most of it is zero. */
function readSparse(fields: Fields, key: string, length: number): number[] {
  const counts = readFields(fields[key], key);
  return Array.from({ length }, (_, place) =>
    String(place) in counts ? readCount(counts, String(place)) : 0,
  );
}

function toWorkerRow(fields: Fields): WorkerRow {
  return {
    name: readText(fields, "name"),
    version: readText(fields, "version"),
    lastSeenAtMs: parseInstant(fields.last_seen_at),
    isAlive: fields.alive === true,
    isBrokerConnected: { connected: true, away: false }[readText(fields, "broker_state")] ?? null,
    brokerLostAtMs: parseInstant(fields.broker_lost_at),
  };
}

function toSeries(fields: Fields): Series {
  return {
    starts: readList(fields, "starts").map(String),
    delivered: readNumbers(fields, "delivered").map((count) => count ?? 0),
    retried: readNumbers(fields, "retried").map((count) => count ?? 0),
    failed: readNumbers(fields, "failed").map((count) => count ?? 0),
    halfWithinMs: readNumbers(fields, "half_within"),
    mostWithinMs: readNumbers(fields, "most_within"),
  };
}
