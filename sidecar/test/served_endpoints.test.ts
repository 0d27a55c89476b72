import { expect, test } from "vitest";
import type { Endpoint } from "../src/domain/delivery.ts";
import { ServedEndpoints } from "../src/pipeline/served_endpoints.ts";
import { WorkerShares } from "../src/pipeline/worker_shares.ts";
import { buildEndpoint, recordLog } from "./builders.ts";
import { ClockDouble } from "./doubles/clock_double.ts";

function build() {
  const clock = new ClockDouble();
  const shares = new WorkerShares(clock, 15_000);
  const { log, lines } = recordLog();
  const lists: (readonly Endpoint[])[] = [];
  const served = new ServedEndpoints(shares, log, (endpoints) => lists.push(endpoints));
  const note = (count: number, isSettled: boolean) =>
    shares.note({ count, index: 0, roll: `roll of ${count}`, isSettled }, clock.now());
  const readConcurrency = () => lists.at(-1)?.map((endpoint) => endpoint.concurrency);
  return { clock, served, note, lines, lists, readConcurrency };
}

test("endpoints are served with their share, whichever of list and share comes first", () => {
  const { served, note, readConcurrency } = build();
  served.applyList([buildEndpoint({ id: 2, concurrency: 4 })]);
  expect(readConcurrency()).toEqual([0]);
  note(2, true);
  served.applyShares();
  expect(readConcurrency()).toEqual([2]);
  served.applyList([buildEndpoint({ id: 2, concurrency: 8 })]);
  expect(readConcurrency()).toEqual([4]);
});

test("a handshake that changes nothing is neither applied nor logged", () => {
  const { served, note, lists, lines } = build();
  note(1, true);
  served.applyShares();
  note(1, true);
  served.applyShares();
  expect([lists.length, lines.length]).toEqual([1, 1]);
});

test("a share that ran out is a warning, and one that came back is applied although it is the same", () => {
  const { clock, served, note, lines, readConcurrency } = build();
  served.applyList([buildEndpoint({ concurrency: 4 })]);
  note(1, true);
  served.applyShares();
  clock.jump(15_000);
  served.applyShares();
  expect(readConcurrency()).toEqual([0]);
  note(1, true);
  served.applyShares();
  expect(readConcurrency()).toEqual([4]);
  expect(lines.map((line) => [line.level, line.event, line.fields.is_current])).toEqual([
    ["info", "shares.changed", true],
    ["warn", "shares.changed", false],
    ["info", "shares.changed", true],
  ]);
});
