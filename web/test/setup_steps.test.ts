import { expect, test } from "vitest";
import type { SetupData, SetupEndpoint } from "../src/setup/setup_data.ts";
import { parseSetup } from "../src/setup/setup_data.ts";
import {
  chooseEndpoint,
  findArrived,
  findDone,
  findNextStep,
  groupEvents,
  isOpenable,
  STEPS,
} from "../src/setup/setup_steps.ts";

const DRAFT: SetupEndpoint = {
  id: 1,
  name: "Payer",
  kind: "http",
  url: "https://payer.example/hooks",
  state: "draft",
  eventTypeIds: [],
  lastDeliveredAtMs: null,
  testState: "",
};
const FINISHED: SetupEndpoint = {
  ...DRAFT,
  id: 2,
  state: "active",
  eventTypeIds: [5],
  testState: "delivered",
};

function worker(name: string, isAlive = true) {
  return { name, version: "1", lastSeenAtMs: 0, isAlive };
}

function setupWith(workers = [worker("a")]): SetupData {
  const sidecar = { mayConnect: true, account: null, workers, odooUrl: "", database: "", serverTimeMs: 0 };
  return { secretKeyProblem: "", sidecar, endpoints: [], catalogue: [] };
}

test("with nothing there the sidecar comes first", () => {
  const done = findDone(setupWith([]), null);
  expect([...done]).toEqual([]);
  expect(findNextStep(done)).toBe("sidecar");
});

test("a sidecar that has gone silent is to be connected again", () => {
  expect(findDone(setupWith([worker("a", false)]), null).has("sidecar")).toBe(false);
});

test("the next step is the first that is not done, whatever is done behind it", () => {
  expect(findNextStep(findDone(setupWith(), DRAFT))).toBe("events");
  expect(findNextStep(findDone(setupWith(), { ...DRAFT, state: "active" }))).toBe("events");
  expect(findNextStep(findDone(setupWith(), { ...DRAFT, url: "" }))).toBe("endpoint");
  expect(findDone(setupWith(), FINISHED)).toEqual(new Set(STEPS));
  expect(findNextStep(findDone(setupWith(), FINISHED))).toBe("activate");
});

test("a test counts when it was taken, and a real delivery proves as much", () => {
  expect(findDone(setupWith(), { ...DRAFT, testState: "failed" }).has("test")).toBe(false);
  expect(findDone(setupWith(), { ...DRAFT, testState: "acknowledged" }).has("test")).toBe(true);
  expect(findDone(setupWith(), { ...DRAFT, lastDeliveredAtMs: 1 }).has("test")).toBe(true);
});

test("it goes on with the endpoint that was asked for, else with the newest draft, else with a new one", () => {
  expect(chooseEndpoint([FINISHED, DRAFT], FINISHED.id)).toBe(FINISHED);
  expect(chooseEndpoint([FINISHED, DRAFT], null)).toBe(DRAFT);
  expect(chooseEndpoint([FINISHED], null)).toBeNull();
  expect(isOpenable("events", null)).toBe(false);
  expect(isOpenable("events", DRAFT)).toBe(true);
});

test("only a sidecar that was not there before proves a new key", () => {
  const arrived = findArrived([worker("old"), worker("new"), worker("gone", false)], new Set(["old"]));
  expect(arrived.map(({ name }) => name)).toEqual(["new"]);
});

test("events come in groups, in the order of the catalogue", () => {
  const entry = { technicalName: "", description: "" };
  const groups = groupEvents([
    { ...entry, id: 1, name: "Invoice", domain: "finance", domainLabel: "Finance" },
    { ...entry, id: 2, name: "Bill", domain: "finance", domainLabel: "Finance" },
    { ...entry, id: 3, name: "Order", domain: "sales", domainLabel: "Sales" },
  ]);
  expect(groups.map(({ label, entries }) => [label, entries.length])).toEqual([
    ["Finance", 2],
    ["Sales", 1],
  ]);
});

test("an answer of another shape is refused with what was expected", () => {
  expect(() => parseSetup([])).toThrow("IM_ANSWER_INVALID: get_state() must be an object, got []");
  expect(() => parseSetup({ sidecar: { connection: {}, account: false, workers: "x" } })).toThrow(
    'IM_ANSWER_INVALID: workers must be a list, got "x"',
  );
});
