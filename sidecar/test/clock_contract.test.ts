/** What every clock promises, whether time passes by itself or by a test's will. */
import { describe, expect, it } from "vitest";
import { systemClock } from "../src/adapters/system_clock.ts";
import type { Clock } from "../src/ports/clock.ts";
import { ClockDouble } from "./doubles/clock_double.ts";

interface Subject {
  readonly clock: Clock;
  readonly pass: (ms: number) => Promise<void>;
}

function createDouble(): Subject {
  const clock = new ClockDouble();
  return { clock, pass: (ms) => clock.advance(ms) };
}

const subjects: readonly (readonly [name: string, create: () => Subject])[] = [
  ["the system's clock", () => ({ clock: systemClock, pass: () => Promise.resolve() })],
  ["the clock of tests", createDouble],
];

describe.each(subjects)("%s", (_, create) => {
  it("ends a sleep when its time has come", async () => {
    const { clock, pass } = create();
    const slept = clock.sleep(5, new AbortController().signal);
    await pass(5);
    await expect(slept).resolves.toBeUndefined();
  });

  it("ends a sleep at once when the signal aborts, without an error", async () => {
    const stop = new AbortController();
    const slept = create().clock.sleep(3_600_000, stop.signal);
    stop.abort();
    await expect(slept).resolves.toBeUndefined();
  });

  it("does not begin to sleep under an aborted signal", async () => {
    await expect(create().clock.sleep(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it("draws from 0 to below 1", () => {
    const { clock } = create();
    const draws = Array.from({ length: 100 }, () => clock.random());
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  });
});
