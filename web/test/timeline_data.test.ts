import { expect, test } from "vitest";
import { filterEntries, isUnsettled, parseTimeline } from "../src/timeline/timeline_data.ts";

const EVENT = {
  key: "event-1",
  kind: "event",
  at_ms: 1_000,
  system_ids: [3, 4],
  title: "Customer invoice posted, by Mitchell",
  detail: false,
  look: "neutral",
};
const ATTEMPT = {
  key: "attempt-7",
  kind: "attempt",
  at_ms: 2_000,
  system_ids: [3],
  title: "Payer refused the data.",
  detail: "“VAT id missing”",
  look: "failed",
  attempt_number: 1,
  duration_ms: 340,
  answer: "<b>no</b>",
};
const ANSWER = {
  name: "INV/1",
  systems: [
    { id: 3, name: "Payer", state: "failed" },
    { id: 4, name: "Archive", state: "delivered" },
  ],
  entries: [EVENT, ATTEMPT],
  hidden_count: 0,
};

test("an answer of Odoo becomes a timeline", () => {
  const timeline = parseTimeline(ANSWER);
  expect(timeline.systems.map((system) => system.name)).toEqual(["Payer", "Archive"]);
  expect(timeline.entries[1]).toEqual({
    key: "attempt-7",
    kind: "attempt",
    atMs: 2_000,
    systemIds: [3],
    title: "Payer refused the data.",
    detail: "“VAT id missing”",
    look: "failed",
    attemptNumber: 1,
    durationMs: 340,
    answer: "<b>no</b>",
  });
  expect(timeline.entries[0]).toMatchObject({ detail: "", answer: "", attemptNumber: 0 });
});

test("an answer of another shape is refused with a code", () => {
  expect(() => parseTimeline({ systems: [] })).toThrow("IM_TIMELINE_INVALID: entries must be a list");
  expect(() => parseTimeline(null)).toThrow("IM_TIMELINE_INVALID");
});

test("an unknown look is just news", () => {
  const timeline = parseTimeline({ ...ANSWER, entries: [{ ...EVENT, look: "sparkling" }] });
  expect(timeline.entries[0]?.look).toBe("neutral");
});

test("one system's entries are those that concern it", () => {
  const timeline = parseTimeline(ANSWER);
  expect(filterEntries(timeline, 4).map((entry) => entry.key)).toEqual(["event-1"]);
  expect(filterEntries(timeline, null)).toHaveLength(2);
});

test("only what goes on by itself is unsettled", () => {
  const next = (look: string) => parseTimeline({ ...ANSWER, entries: [{ ...EVENT, kind: "next", look }] });
  expect(isUnsettled(next("wait"))).toBe(true);
  expect(isUnsettled(next("failed"))).toBe(false);
  expect(isUnsettled(parseTimeline(ANSWER))).toBe(false);
});
