/** Overviews for tests: all is well, but for what a test says. */
import type { EndpointRow, Held, Overview, ProcessRow, WorkerRow } from "../src/overview/overview_data.ts";

export const NOW_MS = Date.UTC(2026, 10, 20, 8, 32);

export function buildHeld(values: Partial<Held> = {}): Held {
  return { deliveryCount: 0, documentCount: 0, sinceMs: null, money: [], worth: null, ...values };
}

export function buildEndpoint(values: Partial<EndpointRow> = {}): EndpointRow {
  return {
    id: 1,
    name: "Payer",
    state: "active",
    health: "ok",
    breakerState: "closed",
    breakerProbeAtMs: null,
    pendingCount: 0,
    failedCount: 0,
    oldestAtMs: null,
    held: buildHeld(),
    lastDeliveredAtMs: NOW_MS,
    lastError: "",
    delivered: [0, 3],
    troubled: [0, 0],
    ...values,
  };
}

export function buildProcess(values: Partial<ProcessRow> = {}): ProcessRow {
  return { key: "finance", name: "Finance", waitingCount: 0, failedCount: 0, held: buildHeld(), ...values };
}

export function buildWorker(values: Partial<WorkerRow> = {}): WorkerRow {
  return {
    name: "host:1",
    version: "0.1.0",
    lastSeenAtMs: NOW_MS,
    isAlive: true,
    isBrokerConnected: true,
    brokerLostAtMs: null,
    ...values,
  };
}

export function buildOverview(values: Partial<Overview> = {}): Overview {
  return {
    serverTimeMs: NOW_MS,
    period: "24h",
    companies: [{ id: 1, name: "Clinic" }],
    companyId: null,
    isFlowing: true,
    pendingCount: 0,
    queuedCount: 0,
    failedCount: 0,
    deliveredCount: 0,
    lostCount24h: 0,
    parkedCount: 0,
    oldestPendingAtMs: null,
    held: buildHeld(),
    processes: [buildProcess()],
    endpoints: [buildEndpoint()],
    endpointCount: 1,
    workers: [buildWorker()],
    series: {
      starts: ["2026-11-20 07:00:00", "2026-11-20 08:00:00"],
      delivered: [0, 3],
      retried: [0, 0],
      failed: [0, 0],
      halfWithinMs: [null, 120],
      mostWithinMs: [null, 400],
    },
    domains: {
      held: [["state", "=", "failed"]],
      lost: [["stranded_at", ">=", "2026-11-19 08:32:00"]],
      company: [],
    },
    ...values,
  };
}
