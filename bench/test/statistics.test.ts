import { expect, test } from "vitest";
import { median, quantile } from "../statistics.ts";

test("the median is the middle value, whatever the order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([7])).toBe(7);
});

test("the median of an even number of values is the mean of the middle two", () => {
  expect(median([1, 2, 4, 100])).toBe(3);
});

test("a quantile is a value that was measured: the smallest that so large a share does not exceed", () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(quantile(values, 0.5)).toBe(100);
  expect(quantile(values, 0.99)).toBe(198);
  expect(quantile(values, 1)).toBe(200);
  expect(quantile([3], 0)).toBe(3);
});

test("of nothing there is neither", () => {
  expect(() => median([])).toThrow("at least one value");
  expect(() => quantile([], 0.5)).toThrow(RangeError);
  expect(() => quantile([1], 1.5)).toThrow("a share from 0 to 1");
});
