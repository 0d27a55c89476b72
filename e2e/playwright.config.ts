import { defineConfig } from "@playwright/test";
import { readState } from "./stack_state.ts";

/** Runs against the stack described by E2E_STATE; `npm test` starts one and sets it. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  // One stack, and outages stop its services: the stories run one after the other.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  outputDir: "../.cache/e2e",
  use: {
    baseURL: readState().odoo_url,
    viewport: { width: 1280, height: 900 },
    locale: "en-US",
    screenshot: "only-on-failure",
    // Pictures of every step would take two thirds of the time again.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
