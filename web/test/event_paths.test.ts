import { expect, test } from "vitest";
import { listPaths, quoteName, searchPaths } from "../src/mapping/event_paths.ts";

const event = {
  id: "e-1",
  data: {
    name: "INV/1",
    partner_id: { id: 7, vat: null },
    line_ids: [{ quantity: 2.5, "odd name": "x" }, { quantity: 1 }],
  },
};
const labels = {
  name: "Number",
  "partner_id.vat": "Partner › Tax ID",
  "line_ids.quantity": "Lines › Quantity",
};
const paths = listPaths(event, labels);
const find = (path: string) => paths.find((entry) => entry.path === path);

test("every field is listed with its path, what people call it and a value; the data comes first", () => {
  expect(paths.map(({ path }) => path)).toEqual([
    "data",
    "data.name",
    "data.partner_id",
    "data.partner_id.id",
    "data.partner_id.vat",
    "data.line_ids",
    "data.line_ids.quantity",
    "data.line_ids.`odd name`",
    "id",
  ]);
  expect(find("data.name")).toMatchObject({ label: "Number", sample: "INV/1", depth: 1 });
  expect(find("data.partner_id.vat")).toMatchObject({ label: "Partner › Tax ID", sample: "null" });
});

test("lists show their length, and what is in them the first value", () => {
  expect(find("data.line_ids")).toMatchObject({ isList: true, isInList: false, sample: "[2]" });
  expect(find("data.line_ids.quantity")).toMatchObject({ isList: false, isInList: true, sample: "2.5" });
});

test("fields are found by name, label or value, whatever the case", () => {
  const search = (text: string) => searchPaths(paths, text).map(({ path }) => path);
  expect(search("tax id")).toEqual(["data.partner_id.vat"]);
  expect(search("inv/1")).toEqual(["data.name"]);
  expect(search(" QUANTITY ")).toEqual(["data.line_ids.quantity"]);
  expect(search("")).toHaveLength(paths.length);
});

test("names that JSONata would read as something else are quoted", () => {
  expect(["name", "_x1", "order", "in", "1st", "e-mail"].map(quoteName)).toEqual([
    "name",
    "_x1",
    "order",
    "`in`",
    "`1st`",
    "`e-mail`",
  ]);
});
