import { expect, test } from "vitest";
import { parseChaosOptions } from "../options.ts";
import { Random } from "../random.ts";
import { chooseBehaviour } from "../receiver/behaviour.ts";
import { planKills } from "../world/kill_plan.ts";

test("the same seed plans the same kills, another one others", () => {
  const plan = (seed: number) => planKills(600_000, new Random(seed));
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test.each([1, 2, 3, 4, 5])("the shortest run kills each service, seed %i", (seed) => {
  const targets = planKills(60_000, new Random(seed)).map(({ target }) => target);
  const count = (...names: string[]) => targets.filter((target) => names.includes(target)).length;
  expect(count("sidecar", "sidecar_b")).toBeGreaterThanOrEqual(2);
  expect(count("rabbitmq")).toBeGreaterThanOrEqual(2);
  expect(count("odoo")).toBeGreaterThanOrEqual(2);
  expect(count("postgres")).toBeGreaterThanOrEqual(1);
});

test("kills are in order and within the run", () => {
  const times = planKills(90_000, new Random(3)).map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.at(-1)).toBeLessThan(90_000);
});

test("a forked stream depends on its name and not on what was drawn before", () => {
  const one = new Random(1);
  const other = new Random(1);
  one.next();
  expect(one.fork("kills").next()).toBe(other.fork("kills").next());
  expect(one.fork("kills").next()).not.toBe(one.fork("people").next());
});

test("the steady hook takes everything over, the rough one answers in every way", () => {
  const names = (hook: "steady" | "rough") => {
    const random = new Random(1);
    return new Set(Array.from({ length: 3_000 }, () => chooseBehaviour(hook, random, new Date(0)).name));
  };
  expect([...names("steady")]).toEqual(["accept"]);
  expect(names("rough").size).toBe(13);
});

test("options without values are the usual ten minutes and a seed of its own", () => {
  expect(parseChaosOptions([])).toMatchObject({ minutes: 10, isKeeping: false });
  expect(parseChaosOptions(["--minutes=1.5", "--seed=42"])).toMatchObject({ minutes: 1.5, seed: 42 });
});

test.each([["--minutes=0"], ["--minutes=x"], ["--seed=-1"], ["--seed="], ["--kill=all"]])(
  "%s is refused",
  (arg) => {
    expect(() => parseChaosOptions([arg])).toThrow();
  },
);
