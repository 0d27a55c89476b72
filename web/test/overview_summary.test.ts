import { expect, test } from "vitest";
import type { EndpointRow, Overview, WorkerRow } from "../src/overview/overview_data.ts";
import { findFindings, rateFinding } from "../src/overview/overview_summary.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 8, 32);

function buildEndpoint(values: Partial<EndpointRow> = {}): EndpointRow {
  return {
    id: 1,
    name: "Payer",
    state: "active",
    health: "ok",
    breakerState: "closed",
    breakerProbeAtMs: null,
    pendingCount: 0,
    failedCount: 0,
    lastDeliveredAtMs: NOW_MS,
    lastError: "",
    ...values,
  };
}

function buildWorker(values: Partial<WorkerRow> = {}): WorkerRow {
  return { name: "host:1", version: "0.1.0", lastSeenAtMs: NOW_MS, isAlive: true, ...values };
}

/** An overview in which all is well, but for `values`. */
function buildOverview(values: Partial<Overview> = {}): Overview {
  return {
    serverTimeMs: NOW_MS,
    isFlowing: true,
    pendingCount: 0,
    queuedCount: 0,
    failedCount: 0,
    deliveredCount24h: 0,
    lostCount24h: 0,
    parkedCount: 0,
    oldestPendingAtMs: null,
    endpoints: [buildEndpoint()],
    workers: [buildWorker()],
    ...values,
  };
}

function listKinds(overview: Overview): string[] {
  return findFindings(overview).map(({ kind }) => kind);
}

test("with a living sidecar and healthy endpoints everything flows", () => {
  const findings = findFindings(buildOverview());
  expect(findings).toEqual([{ kind: "flowing" }]);
  expect(rateFinding(findings[0])).toBe("success");
});

test("waiting deliveries alone are no reason to worry", () => {
  expect(listKinds(buildOverview({ pendingCount: 500, queuedCount: 50 }))).toEqual(["flowing"]);
});

test("deliveries lost on the way are told after everything else, because they help themselves", () => {
  const paused = buildEndpoint({ state: "paused", pendingCount: 1 });
  expect(listKinds(buildOverview({ lostCount24h: 3 }))).toEqual(["flowing", "deliveries_lost"]);
  expect(listKinds(buildOverview({ lostCount24h: 3, endpoints: [paused] }))).toEqual([
    "endpoints_paused",
    "deliveries_lost",
  ]);
});

test("without endpoints the first visit says what to do, whatever the sidecar does", () => {
  expect(listKinds(buildOverview({ endpoints: [], workers: [] }))).toEqual(["no_endpoints"]);
});

test("with drafts only, nothing is active yet", () => {
  const endpoints = [buildEndpoint({ state: "draft", health: "draft" })];
  expect(listKinds(buildOverview({ endpoints }))).toEqual(["none_active"]);
});

test("without any sidecar ever the page is red", () => {
  const findings = findFindings(buildOverview({ workers: [] }));
  expect(findings).toEqual([{ kind: "sidecar_never_seen" }]);
  expect(rateFinding(findings[0])).toBe("danger");
});

test("when every sidecar went silent the latest sign of life is named", () => {
  const workers = [
    buildWorker({ isAlive: false, lastSeenAtMs: NOW_MS - 90_000 }),
    buildWorker({ isAlive: false, lastSeenAtMs: NOW_MS - 60_000 }),
  ];
  const findings = findFindings(buildOverview({ workers }));
  expect(findings).toEqual([{ kind: "sidecar_silent", lastSeenAtMs: NOW_MS - 60_000 }]);
  expect(rateFinding(findings[0])).toBe("danger");
});

test("one living sidecar among silent ones is enough", () => {
  const workers = [buildWorker({ isAlive: false }), buildWorker()];
  expect(listKinds(buildOverview({ workers }))).toEqual(["flowing"]);
});

test("a silent sidecar comes before failed deliveries, and both are said", () => {
  const overview = buildOverview({ workers: [], failedCount: 3 });
  expect(listKinds(overview)).toEqual(["sidecar_never_seen", "deliveries_failed"]);
});

test("failed deliveries need attention", () => {
  const findings = findFindings(buildOverview({ failedCount: 3 }));
  expect(findings).toEqual([{ kind: "deliveries_failed", count: 3 }]);
  expect(rateFinding(findings[0])).toBe("warning");
});

test("an endpoint whose failures already need a person is not named twice", () => {
  const endpoints = [buildEndpoint({ health: "failing", failedCount: 2 })];
  expect(listKinds(buildOverview({ endpoints, failedCount: 2 }))).toEqual(["deliveries_failed"]);
});

test("an endpoint that fails but is still retried is named", () => {
  const endpoints = [buildEndpoint({ health: "failing" }), buildEndpoint({ id: 2 })];
  const findings = findFindings(buildOverview({ endpoints }));
  expect(findings).toEqual([{ kind: "endpoints_failing", endpoints: [endpoints[0]] }]);
});

test("stopped and fenced endpoints are named before failures", () => {
  const endpoints = [buildEndpoint({ state: "stopped" }), buildEndpoint({ id: 2, state: "fenced" })];
  expect(listKinds(buildOverview({ endpoints, failedCount: 1 }))).toEqual([
    "endpoints_fenced",
    "endpoints_stopped",
    "deliveries_failed",
  ]);
});

test.each(["open", "half_open"])(
  "an endpoint whose breaker is %s is named before failures",
  (breakerState) => {
    const endpoints = [buildEndpoint({ health: "stopped", breakerState }), buildEndpoint({ id: 2 })];
    const findings = findFindings(buildOverview({ endpoints, failedCount: 1 }));
    expect(findings).toEqual([
      { kind: "endpoints_resting", endpoints: [endpoints[0]] },
      { kind: "deliveries_failed", count: 1 },
    ]);
    expect(rateFinding(findings[0])).toBe("warning");
  },
);

test("a person's pause is named instead of the breaker", () => {
  const endpoints = [buildEndpoint({ state: "paused", breakerState: "open", pendingCount: 1 })];
  expect(listKinds(buildOverview({ endpoints }))).toEqual(["endpoints_paused"]);
});

test("a paused endpoint is worth a line only while deliveries wait for it", () => {
  const idle = [buildEndpoint({ state: "paused" })];
  expect(listKinds(buildOverview({ endpoints: idle }))).toEqual(["flowing"]);
  const waiting = [buildEndpoint({ state: "paused", pendingCount: 2 })];
  expect(listKinds(buildOverview({ endpoints: waiting }))).toEqual(["endpoints_paused"]);
});

test("when Odoo sees a standstill that nothing above explains, the page does not claim to be fine", () => {
  expect(listKinds(buildOverview({ isFlowing: false }))).toEqual(["not_flowing"]);
});

test("messages that belong to no delivery are told although everything flows", () => {
  const findings = findFindings(buildOverview({ parkedCount: 2 }));
  expect(findings).toEqual([{ kind: "messages_parked", count: 2 }]);
  expect(rateFinding(findings[0])).toBe("warning");
});
