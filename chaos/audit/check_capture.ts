import type { BusinessCall } from "../business/call_book.ts";
import { type Breach, type Check, groupBy, judge, subtract } from "./check.ts";
import type { Change, Facts, OdooEvent } from "./facts.ts";

/** Committed changes against events: the outbox neither loses nor invents. */
export function checkCapture(facts: Facts): Check[] {
  const changes = facts.changes.map(keyOf);
  const events = facts.events.map(keyOf);
  const missing = subtract(changes, events);
  const invented = subtract(events, changes);
  const broken = facts.events.filter(({ state }) => state !== "recorded");
  return [
    judge(
      "committed change without its event (lost)",
      changes.length,
      missing.map((key) => ({ text: `no event tells of ${key}` })),
    ),
    judge(
      "event without a committed change (phantom)",
      events.length,
      invented.map((key) => ({ text: `nothing was committed for ${key}` })),
    ),
    judge(
      "event that is not completely recorded",
      events.length,
      broken.map((event) => ({ text: `${keyOf(event)} is ${event.state}` })),
    ),
    checkCalls(facts),
    checkCommitOrder(facts),
  ];
}

function keyOf({ event_type, subject, reference }: Change | OdooEvent): string {
  return `${event_type} ${subject} ${reference}`;
}

/** What the callers were told must agree with the tables; what they were not told is decided by the tables. */
function checkCalls(facts: Facts): Check {
  const committed = new Set(facts.changes.map(({ reference }) => reference.split("/")[0] ?? ""));
  const breaches: Breach[] = [];
  for (const call of facts.calls) {
    const isThere = committed.has(call.marker);
    const fault = findContradiction(call, isThere);
    if (fault) breaches.push({ text: `${call.kind} ${call.marker} ${fault}` });
  }
  const unknown = facts.calls.filter(({ outcome, expects }) => outcome === "unknown" && expects !== "silent");
  const found = unknown.filter(({ marker }) => committed.has(marker)).length;
  const note = `${unknown.length} calls lost their answer: ${found} had been committed`;
  return judge("answer to a caller that the tables contradict", facts.calls.length, breaches, note);
}

function findContradiction(call: BusinessCall, isThere: boolean): string {
  if (call.expects === "rollback" && isThere) return "was provoked to fail and is committed";
  if (call.expects === "rollback" && call.outcome === "committed")
    return "was provoked to fail and succeeded";
  if (call.expects !== "event") return "";
  // A shared contact is written by others too; its marker stays in the log of changes all the same.
  if (call.outcome === "committed" && !isThere) return "was answered as done and is not there";
  // A refused one and its draft share the marker, but drafts change nothing that is told.
  if (call.outcome === "refused" && isThere) return `was answered as refused (${call.error}) and is there`;
  return "";
}

/** Events of one record are numbered in the order of their commits. */
function checkCommitOrder(facts: Facts): Check {
  const changes = groupBy(facts.changes, ({ subject }) => subject);
  const breaches: Breach[] = [];
  let looked = 0;
  for (const [subject, events] of groupBy(facts.events, (event) => event.subject)) {
    if (events.length < 2) continue;
    looked += events.length;
    // Within one transaction several types have no order among each other, so each type is compared by itself.
    for (const [type, ofType] of groupBy(events, (event) => event.event_type)) {
      const committed = (changes.get(subject) ?? []).filter((change) => change.event_type === type);
      const expected = committed.map(({ reference }) => reference).join(" ");
      const numbered = ofType.map(({ reference }) => reference).join(" ");
      if (expected !== numbered) {
        breaches.push({ text: `${type} ${subject}: committed ${expected}; numbered ${numbered}` });
      }
    }
  }
  return judge("events of a record numbered in another order than committed", looked, breaches);
}
