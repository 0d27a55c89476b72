import { expect, test } from "vitest";
import type { Overview } from "../src/overview/overview_data.ts";
import { findFindings, rateFinding } from "../src/overview/overview_summary.ts";
import { buildEndpoint, buildHeld, buildOverview, buildWorker, NOW_MS } from "./overview_builder.ts";

const HELD = buildHeld({ deliveryCount: 3, documentCount: 2, sinceMs: NOW_MS - 60_000 });

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

test("a silent sidecar comes before held-up documents, and both are said", () => {
  const overview = buildOverview({ workers: [], failedCount: 3, held: HELD });
  expect(listKinds(overview)).toEqual(["sidecar_never_seen", "documents_held"]);
});

test("documents that are held up are said with the endpoints they wait for", () => {
  const endpoints = [
    buildEndpoint({ health: "failing", failedCount: 3, held: HELD }),
    buildEndpoint({ id: 2 }),
  ];
  const findings = findFindings(buildOverview({ failedCount: 3, held: HELD, endpoints }));
  expect(findings).toEqual([
    { kind: "documents_held", held: HELD, endpoints: [endpoints[0]], failedCount: 3 },
  ]);
  expect(rateFinding(findings[0])).toBe("warning");
});

test("when no living sidecar reaches the broker the page is red, and says since when", () => {
  const workers = [
    buildWorker({ isBrokerConnected: false, brokerLostAtMs: NOW_MS - 90_000 }),
    buildWorker({ isBrokerConnected: false, brokerLostAtMs: NOW_MS - 60_000 }),
    buildWorker({ isAlive: false }),
  ];
  const findings = findFindings(buildOverview({ workers }));
  expect(findings).toEqual([{ kind: "broker_away", sinceMs: NOW_MS - 60_000 }]);
  expect(rateFinding(findings[0])).toBe("danger");
});

test.each([[true], [null]])(
  "one sidecar that reaches the broker, or an old one that does not say, is enough (%s)",
  (isBrokerConnected) => {
    const workers = [buildWorker({ isBrokerConnected: false }), buildWorker({ isBrokerConnected })];
    expect(listKinds(buildOverview({ workers }))).toEqual(["flowing"]);
  },
);

test("an endpoint that fails but is still retried is named", () => {
  const endpoints = [buildEndpoint({ health: "failing" }), buildEndpoint({ id: 2 })];
  const findings = findFindings(buildOverview({ endpoints }));
  expect(findings).toEqual([{ kind: "endpoints_failing", endpoints: [endpoints[0]] }]);
});

test("stopped and fenced endpoints are named before failures", () => {
  const endpoints = [buildEndpoint({ state: "stopped" }), buildEndpoint({ id: 2, state: "fenced" })];
  expect(listKinds(buildOverview({ endpoints, held: HELD }))).toEqual([
    "endpoints_fenced",
    "endpoints_stopped",
    "documents_held",
  ]);
});

test.each(["open", "half_open"])(
  "an endpoint whose breaker is %s is named before failures",
  (breakerState) => {
    const endpoints = [buildEndpoint({ health: "stopped", breakerState }), buildEndpoint({ id: 2 })];
    const findings = findFindings(buildOverview({ endpoints, held: HELD }));
    expect(findings.map(({ kind }) => kind)).toEqual(["endpoints_resting", "documents_held"]);
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
