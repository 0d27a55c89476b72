import { expect, test } from "vitest";
import { parseInstant, parseOverview } from "../src/overview/overview_data.ts";

const ANSWER = {
  workers: [{ name: "host:1", version: "0.1.0", last_seen_at: "2026-11-20T08:31:54.123Z", alive: true }],
  is_flowing: true,
  counts: { pending: 1, queued: 2, failed: 3, delivered_24h: 4, lost_24h: 5, parked: 6 },
  oldest_pending_at: false,
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
      last_delivered_at: false,
      last_error: false,
    },
  ],
  server_time: "2026-11-20T08:32:00.000Z",
};

test("an answer of Odoo becomes an overview", () => {
  expect(parseOverview(ANSWER)).toEqual({
    serverTimeMs: Date.UTC(2026, 10, 20, 8, 32),
    isFlowing: true,
    pendingCount: 1,
    queuedCount: 2,
    failedCount: 3,
    deliveredCount24h: 4,
    lostCount24h: 5,
    parkedCount: 6,
    oldestPendingAtMs: null,
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
