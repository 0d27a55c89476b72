import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "sidecar/test/**/*.test.ts",
      "stack/test/**/*.test.ts",
      "web/test/**/*.test.ts",
      "chaos/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
      "docs/**/*.test.ts",
    ],
    environment: "node",
    // Real brokers and servers answer within seconds; a test that needs longer is stuck.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
    // Some files claim from the one Odoo of the test stack; in parallel they would take each other's work.
    fileParallelism: false,
  },
});
