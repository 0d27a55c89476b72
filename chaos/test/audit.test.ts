import { expect, test } from "vitest";
import { audit } from "../audit/audit.ts";
import type { Facts } from "../audit/facts.ts";
import { renderTimeline } from "../audit/timeline.ts";
import { attempt, call, change, delivery, event, noFacts, request } from "./facts_builder.ts";

/** Names of the promises with breaches, of those that begin with one of the given words. */
function broken(facts: Partial<Facts>, ...about: string[]): string[] {
  const checks = audit({ ...noFacts, ...facts });
  const found = checks.filter(({ breaches, looked }) => looked > 0 && breaches.length > 0);
  return found
    .map(({ promise }) => promise)
    .filter((promise) => about.some((word) => promise.startsWith(word)));
}

const lost = "committed change without its event (lost)";
const phantom = "event without a committed change (phantom)";
const contradicted = "answer to a caller that the tables contradict";
const orderBreach = "event of a record taken over after a newer one (order)";
const unknown = "answered request that Odoo does not know, without a kill";
const unseen = "answered attempt in Odoo that the receiver never answered";
const duplicate = "duplicate that nothing explains";

test("a committed change without an event is lost, also when another one of the same record has its event", () => {
  const facts = { changes: [change(1, "m1"), change(2, "m2")], events: [event(1, "m1")] };
  expect(broken(facts, "committed", "event without a committed")).toEqual([lost]);
});

test("an event that nothing was committed for is a phantom, also a second one for one change", () => {
  const facts = { changes: [change(1, "m1")], events: [event(1, "m1"), event(2, "m1")] };
  expect(broken(facts, "committed", "event without a committed")).toEqual([phantom]);
});

test("a call that was answered as done must be in the tables", () => {
  expect(broken({ calls: [call("m1")] }, "answer")).toEqual([contradicted]);
  expect(broken({ calls: [call("m1")], changes: [change(1, "m1/3")] }, "answer")).toEqual([]);
});

test("a call that was provoked to fail must not be in the tables, whatever its caller was told", () => {
  const failed = call("m1", { expects: "rollback", outcome: "unknown" });
  expect(broken({ calls: [failed], changes: [change(1, "m1")] }, "answer")).toEqual([contradicted]);
  expect(broken({ calls: [failed] }, "answer")).toEqual([]);
});

test("a call without an answer may be in the tables or not", () => {
  const lostAnswer = call("m1", { outcome: "unknown" });
  expect(broken({ calls: [lostAnswer] }, "answer")).toEqual([]);
  expect(broken({ calls: [lostAnswer], changes: [change(1, "m1")] }, "answer")).toEqual([]);
});

test("events of a record must be numbered as they were committed", () => {
  const changes = [change(1, "m1"), change(2, "m2")];
  const about = "events of a record";
  expect(broken({ changes, events: [event(1, "m1"), event(2, "m2")] }, about)).toEqual([]);
  expect(broken({ changes, events: [event(1, "m2"), event(2, "m1")] }, about)).toHaveLength(1);
});

test("an event must be delivered to every endpoint", () => {
  const events = [event(1, "m1")];
  const deliveries = [1, 2, 3].map((id) => delivery(id, { event_id: "e1", endpoint_id: id }));
  const about = "event without a delivery";
  expect(broken({ events, deliveries }, about)).toEqual([]);
  expect(broken({ events, deliveries: deliveries.slice(1) }, about)).toHaveLength(1);
  const waiting = deliveries.map((row) => ({ ...row, state: "pending" }));
  expect(broken({ events, deliveries: waiting }, about)).toHaveLength(1);
});

test("what Odoo calls delivered must have been taken over", () => {
  const deliveries = [delivery(1)];
  const about = "delivered in Odoo";
  expect(broken({ deliveries, requests: [request(1, 1)] }, about)).toEqual([]);
  expect(
    broken({ deliveries, requests: [request(1, 1, { accepted: false, status: 500 })] }, about),
  ).toHaveLength(1);
});

test("a request must be an event of Odoo, signed and unaltered, and not redirected", () => {
  const events = [event(1, "m1")];
  const about = "request that is unknown";
  expect(broken({ events, requests: [request(1, 1)] }, about)).toEqual([]);
  for (const fault of [
    { webhook_id: "e9" },
    { signature_fault: "No matching signature found" },
    { reference: "m2" },
    { hook: "trap" },
  ]) {
    expect(broken({ events, requests: [request(1, 1, fault)] }, about)).toHaveLength(1);
  }
});

test("an event taken over for the first time after a newer one of its record breaks the order", () => {
  expect(broken({ requests: [request(1, 2), request(2, 1)] }, "event of a record")).toEqual([orderBreach]);
});

test("a late repeat of an event that was taken over breaks no order", () => {
  const requests = [request(1, 1), request(2, 2), request(3, 1)];
  expect(broken({ requests }, "event of a record")).toEqual([]);
});

test("the count of attempts must be the history's", () => {
  const about = "delivery whose";
  expect(broken({ deliveries: [delivery(1)], attempts: [attempt(1)] }, about)).toEqual([]);
  expect(
    broken({ deliveries: [delivery(1, { attempt_count: 2 })], attempts: [attempt(1)] }, about),
  ).toHaveLength(1);
});

test("an attempt with an answer must be in the receiver's log, with that answer and at that time", () => {
  const facts = { deliveries: [delivery(1)], attempts: [attempt(1)] };
  expect(broken({ ...facts, requests: [request(1, 1)] }, "answered")).toEqual([]);
  for (const requests of [[], [request(1, 1, { status: 503 })], [request(1, 1, { at: 9_000 })]]) {
    expect(broken({ ...facts, requests }, "answered attempt")).toEqual([unseen]);
  }
});

test("an answer whose body broke off may count as an attempt, and may not", () => {
  const requests = [
    request(1, 1, { complete: false, end: { kind: "end", request: "r1", at: 1_015, end: "broken" } }),
  ];
  expect(broken({ deliveries: [delivery(1)], attempts: [attempt(1)], requests }, "answered")).toEqual([]);
  const reset = attempt(1, { outcome: "retry", status_code: 0 });
  expect(broken({ deliveries: [delivery(1)], attempts: [reset], requests }, "answered")).toEqual([]);
});

test("a request more than Odoo knows needs a kill between the two to explain it", () => {
  const again = request(2, 1, { at: 5_000, end: { kind: "end", request: "r2", at: 5_005, end: "sent" } });
  const facts: Partial<Facts> = {
    deliveries: [delivery(1)],
    attempts: [attempt(1)],
    requests: [request(1, 1), again],
  };
  expect(broken(facts, "answered", "duplicate")).toEqual([unknown, duplicate]);
  const kill = { target: "sidecar" as const, at: 1_200, backAt: 3_000 };
  expect(broken({ ...facts, kills: [kill] }, "answered", "duplicate")).toEqual([]);
  const laterKill = { target: "sidecar" as const, at: 60_000, backAt: 61_000 };
  expect(broken({ ...facts, kills: [laterKill] }, "answered", "duplicate")).toEqual([unknown, duplicate]);
});

test("an event that was taken over and denied comes again, and the receiver is to blame", () => {
  const facts = {
    deliveries: [delivery(1, { attempt_count: 2 })],
    attempts: [
      attempt(1, { outcome: "retry", status_code: 503 }),
      attempt(1, { attempt_number: 2, started_at: 5_000 }),
    ],
    requests: [request(1, 1, { status: 503 }), request(2, 1, { at: 5_010 })],
  };
  expect(broken(facts, "answered", "duplicate")).toEqual([]);
});

test("a promise about nothing is not kept", () => {
  expect(audit(noFacts).every(({ breaches }) => breaches.length > 0)).toBe(true);
});

test("the timeline of a delivery has attempts, requests and kills in order", () => {
  const facts: Facts = {
    ...noFacts,
    kills: [{ target: "rabbitmq", at: 1_005, backAt: 4_005 }],
    events: [event(1, "m1")],
    deliveries: [delivery(1)],
    attempts: [attempt(1)],
    requests: [request(1, 1)],
  };
  const lines = renderTimeline(facts, 1).split("\n");
  expect(lines[0]).toContain("res.partner/7");
  expect(lines.slice(1).map((line) => line.trim().slice(14, 24).trim())).toEqual([
    "attempt 1",
    "kill -9 ra",
    "receiver r",
  ]);
});
