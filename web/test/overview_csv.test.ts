import { expect, test } from "vitest";
import { nameOverviewFile, writeCell, writeOverviewCsv } from "../src/overview/overview_csv.ts";
import { buildEndpoint, buildHeld, buildOverview, NOW_MS } from "./overview_builder.ts";

const codeOf = (currencyId: number) => (currencyId === 1 ? "USD" : "EUR");

function readLines(text: string): string[] {
  return text.replace("\uFEFF", "").trimEnd().split("\r\n");
}

test("money is one line per currency, with a point and no other sign", () => {
  const held = buildHeld({
    deliveryCount: 3,
    documentCount: 2,
    sinceMs: NOW_MS,
    money: [
      { currencyId: 1, amount: 4310 },
      { currencyId: 2, amount: 1200.5 },
    ],
  });
  const lines = readLines(writeOverviewCsv(buildOverview({ held }), codeOf));
  expect(lines[0]).toBe("section,item,figure,value,unit");
  expect(lines).toContain("overview,,held up,4310,USD");
  expect(lines).toContain("overview,,held up,1200.5,EUR");
  expect(lines).toContain("overview,,held up since,2026-11-20T08:32:00.000Z,time");
});

test("each part of the period has its numbers, and what there is no number for stays empty", () => {
  const lines = readLines(writeOverviewCsv(buildOverview(), codeOf));
  expect(lines).toContain("period,2026-11-20T08:00:00Z,delivered,3,attempts");
  expect(lines).toContain("period,2026-11-20T07:00:00Z,half delivered within,,ms");
});

test.each(["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])("a name like %j is no formula", (name) => {
  const text = writeOverviewCsv(buildOverview({ endpoints: [buildEndpoint({ name })] }), codeOf);
  expect(text).toContain(`,'${name}`.slice(0, 4));
  expect(text).not.toContain(`endpoint,${name}`);
});

test("quotes, commas and line breaks stay in their cell; numbers below zero stay numbers", () => {
  expect(writeCell('Payer "A", Paris')).toBe('"Payer ""A"", Paris"');
  expect(writeCell("two\nlines")).toBe('"two\nlines"');
  expect(writeCell(-4.5)).toBe("-4.5");
});

test("the file is named for the period and the time", () => {
  expect(nameOverviewFile(buildOverview())).toBe("overview-24h-2026-11-20T08-32.csv");
});
