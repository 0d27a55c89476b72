import { expect, test } from "vitest";
import { parseInstant } from "../src/overview/overview_fields.ts";
import { parseOverview } from "../src/overview/overview_parse.ts";

const NOTHING_HELD = { deliveries: 0, documents: 0, since: false, money: [], worth: false };
const NOTHING = { deliveryCount: 0, documentCount: 0, sinceMs: null, money: [], worth: null };

const ANSWER = {
  period: "7d",
  companies: [{ id: 1, name: "Clinic" }],
  company_id: 1,
  workers: [
    {
      name: "host:1",
      version: "0.1.0",
      last_seen_at: "2026-11-20T08:31:54.123Z",
      alive: true,
      broker_state: "away",
      broker_lost_at: "2026-11-20T08:31:00.000Z",
    },
  ],
  is_flowing: true,
  counts: { pending: 1, queued: 2, failed: 3, delivered: 4, lost_24h: 5, parked: 6 },
  oldest_pending_at: false,
  held: {
    deliveries: 3,
    documents: 2,
    since: "2026-11-20T08:12:00.000Z",
    money: [{ currency_id: 1, currency: "USD", amount: 4310 }],
    worth: { currency_id: 2, amount: 4000.5 },
  },
  processes: [{ key: "finance", name: "Finance", waiting: 1, failed: 3, held: NOTHING_HELD }],
  endpoint_count: 1,
  series: {
    starts: ["2026-11-18 23:00:00", "2026-11-19 23:00:00"],
    delivered: [3, 1],
    retried: [0, 1],
    failed: [0, 0],
    half_within: [null, 120],
    most_within: [null, 400],
  },
  domains: { held: [["state", "=", "failed"]], lost: [], company: [] },
  endpoints: [
    {
      id: 7,
      name: "Payer",
      state: "active",
      health: "stopped",
      breaker_state: "open",
      breaker_probe_at: "2026-11-20T08:33:00.000Z",
      pending_count: 1,
      failed_count: 0,
      oldest_at: "2026-11-20T08:20:00.000Z",
      held: NOTHING_HELD,
      delivered: { "1": 1 },
      troubled: {},
      last_delivered_at: false,
      last_error: false,
    },
  ],
  server_time: "2026-11-20T08:32:00.000Z",
};

test("an answer of Odoo becomes an overview", () => {
  expect(parseOverview(ANSWER)).toEqual({
    serverTimeMs: Date.UTC(2026, 10, 20, 8, 32),
    period: "7d",
    companies: [{ id: 1, name: "Clinic" }],
    companyId: 1,
    isFlowing: true,
    pendingCount: 1,
    queuedCount: 2,
    failedCount: 3,
    deliveredCount: 4,
    lostCount24h: 5,
    parkedCount: 6,
    oldestPendingAtMs: null,
    held: {
      deliveryCount: 3,
      documentCount: 2,
      sinceMs: Date.UTC(2026, 10, 20, 8, 12),
      money: [{ currencyId: 1, amount: 4310 }],
      worth: { currencyId: 2, amount: 4000.5 },
    },
    processes: [{ key: "finance", name: "Finance", waitingCount: 1, failedCount: 3, held: NOTHING }],
    endpointCount: 1,
    series: {
      starts: ["2026-11-18 23:00:00", "2026-11-19 23:00:00"],
      delivered: [3, 1],
      retried: [0, 1],
      failed: [0, 0],
      halfWithinMs: [null, 120],
      mostWithinMs: [null, 400],
    },
    domains: { held: [["state", "=", "failed"]], lost: [], company: [] },
    endpoints: [
      {
        id: 7,
        name: "Payer",
        state: "active",
        health: "stopped",
        breakerState: "open",
        breakerProbeAtMs: Date.UTC(2026, 10, 20, 8, 33),
        pendingCount: 1,
        failedCount: 0,
        oldestAtMs: Date.UTC(2026, 10, 20, 8, 20),
        held: NOTHING,
        delivered: [0, 1],
        troubled: [0, 0],
        lastDeliveredAtMs: null,
        lastError: "",
      },
    ],
    workers: [
      {
        name: "host:1",
        version: "0.1.0",
        lastSeenAtMs: Date.UTC(2026, 10, 20, 8, 31, 54, 123),
        isAlive: true,
        isBrokerConnected: false,
        brokerLostAtMs: Date.UTC(2026, 10, 20, 8, 31),
      },
    ],
  });
});

test.each([
  ["2026-11-20 08:31:54", Date.UTC(2026, 10, 20, 8, 31, 54)],
  ["2026-11-20T08:31:54Z", Date.UTC(2026, 10, 20, 8, 31, 54)],
  ["2026-11-20T10:31:54+02:00", Date.UTC(2026, 10, 20, 8, 31, 54)],
])("%s is read as an instant in UTC", (text, instantMs) => {
  expect(parseInstant(text)).toBe(instantMs);
});

test.each([[false], [null], ["yesterday"], [42]])("%s is no instant", (value) => {
  expect(parseInstant(value)).toBeNull();
});

test.each([
  ["nothing", null],
  ["a list", []],
  ["an answer without counts", { ...ANSWER, counts: undefined }],
  ["a count that is text", { ...ANSWER, counts: { ...ANSWER.counts, failed: "3" } }],
  ["endpoints that are no list", { ...ANSWER, endpoints: {} }],
])("%s is refused by name", (_description, answer) => {
  expect(() => parseOverview(answer)).toThrow(/^IM_OVERVIEW_INVALID: /);
});
