import { mkdirSync } from "node:fs";
import type { Page } from "@playwright/test";

const folder = new URL("../.cache/screenshots/", import.meta.url).pathname;
const phone = { width: 390, height: 844 };

/**
 * Keeps a picture of the screen for people to look at: `.cache/screenshots/<name>.png`. With E2E_NARROW set also as
 * on a phone, `<name>_narrow.png`.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
  const usual = page.viewportSize();
  if (!process.env.E2E_NARROW || !usual || usual.width <= phone.width) return;
  await page.setViewportSize(phone);
  await page.screenshot({ path: `${folder}${name}_narrow.png`, animations: "disabled" });
  await page.setViewportSize(usual);
}
