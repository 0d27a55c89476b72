import { expect, test } from "vitest";
import type { FieldChoice, TreeView } from "../src/field_picker/field_tree.ts";
import { listRows, parseLevel } from "../src/field_picker/field_tree.ts";

function choice(path: string, label: string, isLink = false): FieldChoice {
  return { path, label, name: path.split(".").at(-1) ?? "", isLink, refusal: "", sample: "" };
}

const LEVELS = new Map([
  ["", { recordName: "INV/1", choices: [choice("name", "Number"), choice("partner_id", "Customer", true)] }],
  [
    "partner_id",
    { recordName: "INV/1", choices: [choice("partner_id.name", "Name"), choice("partner_id.vat", "Tax ID")] },
  ],
]);

function rowsOf(view: Partial<TreeView>) {
  return listRows({ levels: LEVELS, unfolded: new Set(), chosen: new Set(), search: "", ...view });
}

test("a folded link hides what is behind it, and says that something there is chosen", () => {
  const rows = rowsOf({ chosen: new Set(["name", "partner_id.vat"]) });
  expect(rows.map(({ path, isChosen, hidesChosen }) => [path, isChosen, hidesChosen])).toEqual([
    ["name", true, false],
    ["partner_id", false, true],
  ]);
});

test("an unfolded link shows what is behind it, one step further in", () => {
  const rows = rowsOf({ unfolded: new Set(["partner_id"]), chosen: new Set(["partner_id.vat"]) });
  expect(rows.map(({ path, depth }) => [path, depth])).toEqual([
    ["name", 0],
    ["partner_id", 0],
    ["partner_id.name", 1],
    ["partner_id.vat", 1],
  ]);
  expect(rows[1]?.hidesChosen).toBe(false);
});

test("a search finds labels and names, and keeps what leads to a hit", () => {
  const unfolded = new Set(["partner_id"]);
  expect(rowsOf({ unfolded, search: " TAX " }).map(({ path }) => path)).toEqual([
    "partner_id",
    "partner_id.vat",
  ]);
  expect(rowsOf({ search: "partner_id" }).map(({ path }) => path)).toEqual(["partner_id"]);
  expect(rowsOf({ search: "nothing" })).toEqual([]);
});

test("an answer of another shape is refused", () => {
  expect(() => parseLevel({ fields: 1 })).toThrow("IM_ANSWER_INVALID: fields must be a list, got 1");
});
