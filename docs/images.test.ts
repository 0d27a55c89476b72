import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pictures } from "../e2e/pictures.ts";

const root = new URL("../", import.meta.url);
const names = Object.keys(pictures).sort();

test("every picture in README and docs comes from a story, and every picture of the list is shown", () => {
  const pages = ["README.md", ...listMarkdown(new URL("docs/", root)).map((page) => `docs/${page}`)];
  const shown = pages.flatMap((page) => [
    ...readFileSync(new URL(page, root), "utf8").matchAll(/\]\((?:docs\/|\.\.\/)?images\/(\w+)\.png\)/g),
  ]);
  expect([...new Set(shown.map(([, name]) => name))].sort()).toEqual(names);
});

test("docs/images holds exactly the pictures of the list", () => {
  expect(readdirSync(new URL("docs/images/", root)).sort()).toEqual(names.map((name) => `${name}.png`));
});

test.each(Object.entries(pictures))("%s is taken by %s", (name, story) => {
  const text = readFileSync(new URL(`e2e/${story}`, root), "utf8");
  expect(text).toMatch(new RegExp(`screenshot\\w*\\([^;]*"${name}"\\)`));
});

function listMarkdown(folder: URL): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
}
