import { expect, test } from "vitest";
import { drawSparkline, SPARKLINE_WIDTH } from "../src/overview/sparkline.ts";

test("the highest value reaches the top and zero lies on the ground", () => {
  expect(drawSparkline([0, 5], [0, 0]).line).toBe("40.0,30.0 120.0,2.0");
});

test("without any traffic the line lies on the ground", () => {
  expect(drawSparkline([0, 0], [0, 0]).line).toBe("40.0,30.0 120.0,30.0");
});

test("trouble is marked where it was", () => {
  const { marks } = drawSparkline([1, 1, 1, 1], [0, 2, 0, 0]);
  expect(marks).toEqual([{ x: SPARKLINE_WIDTH / 4, width: (SPARKLINE_WIDTH / 4) * 0.8 }]);
});
