import { expect, test } from "vitest";
import { judge } from "../measure.ts";

test("a missed bar is a failure, except within a limit that the documentation explains", () => {
  expect(judge(true)).toBe("met");
  expect(judge(true, false)).toBe("met");
  expect(judge(false)).toBe("missed");
  expect(judge(false, false)).toBe("missed");
  expect(judge(false, true)).toBe("explained");
});
