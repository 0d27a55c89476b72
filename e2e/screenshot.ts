import { mkdirSync } from "node:fs";
import type { Page } from "@playwright/test";

const folder = new URL("../.cache/screenshots/", import.meta.url).pathname;

/** Keeps a picture of the screen for people to look at: `.cache/screenshots/<name>.png`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
}
