import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../odoo_addon/integration_monitor/static/src/xml/", import.meta.url);
const value = String.raw`<\w+[^<>]* t-esc="[^"]*"[^<>]*/>`;
const words = "[^<>]*[A-Za-z]{2}[^<>]*";
/** Words beside a value: translators would get the parts, and other languages order them differently. */
const sentenceInParts = new RegExp(`>${words}${value}|${value}(?<after>${words})<`, "g");

test.each(readdirSync(folder))("%s leaves whole sentences to the components", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8").replaceAll(/\s+/g, " ");
  expect(text).toContain("t-name=");
  expect([...text.matchAll(sentenceInParts)].map(([part]) => part.trim())).toEqual([]);
});
