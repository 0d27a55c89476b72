import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const codePattern = /\bIM_[A-Z0-9]+(?:_[A-Z0-9]+)+\b/g;

/** Variables of the tests' environment have the same prefix. */
const isCode = (name: string) => !name.startsWith("IM_TEST_");

const parts = [
  { section: "Sidecar", folder: "sidecar/src/", isSource: (name: string) => name.endsWith(".ts") },
  {
    section: "Addon",
    folder: "odoo_addon/",
    isSource: (name: string) => name.endsWith(".py") && !name.includes("/tests/"),
  },
  { section: "Web", folder: "web/src/", isSource: (name: string) => name.endsWith(".ts") },
];

test.each(parts)("docs/errors.md lists exactly the codes of $section, each with what to do", (part) => {
  const page = readFileSync(new URL("docs/errors.md", root), "utf8");
  const [, section = ""] = new RegExp(`## ${part.section}\n([\\s\\S]*?)(?=\n## |$)`).exec(page) ?? [];
  const rows = section.split("\n").filter((line) => line.startsWith("| `IM_"));
  const listed = rows.map((row) => row.match(codePattern)?.[0]);
  expect(listed).toEqual(readCodes(new URL(part.folder, root), part.isSource));
  for (const row of rows) expect(row.split("|").filter((cell) => cell.trim() !== "")).toHaveLength(3);
});

function readCodes(folder: URL, isSource: (name: string) => boolean): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isSource);
  const codes = files.flatMap((name) => readFileSync(new URL(name, folder), "utf8").match(codePattern) ?? []);
  return [...new Set(codes)].filter(isCode).sort();
}
