/** What the overview shows: the answer of `integration.delivery.get_overview()` as `overview_parse.ts` checks it. */

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
