import { expect, test } from "vitest";
import type { Row } from "../measure.ts";
import { formatRate, formatRatio, renderTable } from "../table.ts";

const row: Row = { measure: "speed", figure: "12/s", reference: "–", bar: "≥ 10/s", verdict: "met" };

test("every column is as wide as its widest cell", () => {
  const long: Row = { ...row, measure: "a much longer name", verdict: "missed" };
  expect(renderTable([row, long]).split("\n")).toEqual([
    "Measure             Figure  Reference  Bar",
    "speed               12/s    –          ≥ 10/s  met",
    "a much longer name  12/s    –          ≥ 10/s  missed",
  ]);
});

test("rates are whole with separators, ratios have two decimals", () => {
  expect(formatRate(12_345.6)).toBe("12,346/s");
  expect(formatRatio(0.678)).toBe("0.68 ×");
});
