import { describe, expect, it } from "vitest";
import { systemClock } from "../src/adapters/system_clock.ts";

describe("systemClock.sleep", () => {
  it("ends at once when the signal aborts, without an error", async () => {
    const stop = new AbortController();
    const slept = systemClock.sleep(3_600_000, stop.signal);
    stop.abort();
    await expect(slept).resolves.toBeUndefined();
  });

  it("does not begin under an aborted signal", async () => {
    await expect(systemClock.sleep(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it("ends by itself", async () => {
    await expect(systemClock.sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});
