import { expect, test } from "vitest";
import { parseBenchOptions } from "../options.ts";

const names = ["dispatch", "memory"];

test("without options all measures run, five rounds each", () => {
  const usual = { only: [], rounds: 5, jsonFile: undefined, isKeeping: false };
  expect(parseBenchOptions([], names)).toEqual(usual);
});

test("measures are chosen by one list or by several options", () => {
  expect(parseBenchOptions(["--only=memory,dispatch"], names).only).toEqual(["memory", "dispatch"]);
  expect(parseBenchOptions(["--only=memory", "--only=dispatch"], names).only).toEqual(["memory", "dispatch"]);
});

test("a measure that does not exist is refused, and those that do are named", () => {
  expect(() => parseBenchOptions(["--only=speed"], names)).toThrow(
    'must name measures out of dispatch, memory; got "speed"',
  );
});

test.each(["0", "51", "2.5", "", "five", "-1"])("%j is no number of rounds", (text) => {
  expect(() => parseBenchOptions([`--rounds=${text}`], names)).toThrow("--rounds must be a whole number");
});

test("an unknown option is refused and help is named", () => {
  expect(() => parseBenchOptions(["--fast"], names)).toThrow(/'--fast'[\s\S]*npm run bench -- --help/);
});
