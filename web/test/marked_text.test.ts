import { expect, test } from "vitest";
import { markPlace } from "../src/mapping/marked_text.ts";

test("a place is cut out of its text", () => {
  expect(markPlace("a + b", { offset: 2, length: 1 })).toEqual({ before: "a ", marked: "+", after: " b" });
});

test("at the end of the text a space stands for what is missing", () => {
  expect(markPlace("a +", { offset: 3, length: 1 })).toEqual({ before: "a +", marked: " ", after: "" });
});

test("without a place nothing is marked", () => {
  expect(markPlace("a + b", undefined)).toEqual({ before: "a + b", marked: "", after: "" });
});
