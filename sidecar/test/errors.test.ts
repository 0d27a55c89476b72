import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const codePattern = /\bIM_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g;

/** Variables of the tests' environment have the same prefix. */
const isCode = (name: string) => !name.startsWith("IM_TEST_");

function readCodesOfSidecar(): readonly string[] {
  const source = new URL("sidecar/src/", root);
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const codes = files.flatMap((name) => readFileSync(new URL(name, source), "utf8").match(codePattern) ?? []);
  return [...new Set(codes)].filter(isCode).sort();
}

test("docs/errors.md lists exactly the sidecar's error codes, each with what to do", () => {
  const page = readFileSync(new URL("docs/errors.md", root), "utf8");
  const [, section = ""] = /## Sidecar\n([\s\S]*?)(?=\n## |$)/.exec(page) ?? [];
  const rows = section.split("\n").filter((line) => line.startsWith("| `IM_"));
  const listed = rows.map((row) => row.match(codePattern)?.[0]);
  expect(listed).toEqual(readCodesOfSidecar());
  for (const row of rows) expect(row.split("|").filter((cell) => cell.trim() !== "")).toHaveLength(3);
});
