import { expect, test, vi } from "vitest";
import { readCpuMs } from "../world/cpu_time.ts";

test("processor time grows while a process works", async () => {
  const read = () => readCpuMs({ self: process.pid }).self ?? 0;
  const before = read();
  await vi.waitUntil(
    () => {
      for (let number = 0; number < 1_000_000; number += 1) Math.sqrt(number);
      return read() > before;
    },
    { timeout: 20_000, interval: 1 },
  );
});

test("a process that does not exist used none", () => {
  expect(readCpuMs({ nobody: 2 ** 30 }).nobody).toBe(0);
});
