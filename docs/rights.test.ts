import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pageFile, renderRightsPage } from "./rights_page.ts";

test("docs/rights.md shows the table that the tests of rights go over", () => {
  expect(readFileSync(pageFile, "utf8")).toBe(renderRightsPage());
});
