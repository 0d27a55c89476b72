import { expect, test } from "vitest";
import type { RefreshGateOptions } from "../src/refresh_gate.ts";
import { createRefreshGate } from "../src/refresh_gate.ts";

/** A clock that moves only when told to. */
function createClock() {
  let nowMs = 0;
  let timers: { atMs: number; callback: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    schedule(callback: () => void, delayMs: number) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(durationMs: number) {
      nowMs += durationMs;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { callback } of due) {
        callback();
      }
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

function createGate(options: Partial<RefreshGateOptions> = {}) {
  const clock = createClock();
  const counter = { refreshes: 0 };
  const gate = createRefreshGate({
    refresh: async () => {
      counter.refreshes += 1;
    },
    delayMs: 300,
    spacingMs: 1000,
    isAwake: () => true,
    clock,
    ...options,
  });
  return { gate, clock, counter };
}

test("hints within one window cause one refresh", async () => {
  const { gate, clock, counter } = createGate();
  gate.request();
  await clock.advance(200);
  gate.request();
  expect(counter.refreshes).toBe(0);
  await clock.advance(100);
  expect(counter.refreshes).toBe(1);
  await clock.advance(5000);
  expect(counter.refreshes).toBe(1);
});

test("a stream of hints that never pauses is still answered, at the given spacing", async () => {
  const { gate, clock, counter } = createGate();
  for (let elapsedMs = 0; elapsedMs < 5000; elapsedMs += 100) {
    gate.request();
    await clock.advance(100);
  }
  expect(counter.refreshes).toBe(5);
});

test("a hint during a refresh causes one more afterwards, never two at once", async () => {
  let finish: () => void = () => undefined;
  let started = 0;
  const { gate, clock } = createGate({
    refresh: () => {
      started += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  gate.request();
  await clock.advance(300);
  gate.request();
  gate.request();
  await clock.advance(5000);
  expect(started).toBe(1);
  finish();
  await clock.advance(0);
  await clock.advance(1000);
  expect(started).toBe(2);
});

test("while nobody looks nothing is refreshed, and waking catches up", async () => {
  let isAwake = false;
  const { gate, clock, counter } = createGate({ isAwake: () => isAwake });
  gate.request();
  await clock.advance(5000);
  expect(counter.refreshes).toBe(0);
  isAwake = true;
  gate.wake();
  await clock.advance(300);
  expect(counter.refreshes).toBe(1);
});

test("waking without a missed hint refreshes nothing", async () => {
  const { gate, clock, counter } = createGate();
  gate.wake();
  await clock.advance(5000);
  expect(counter.refreshes).toBe(0);
});

test("a stopped gate refreshes nothing", async () => {
  const { gate, clock, counter } = createGate();
  gate.request();
  gate.stop();
  gate.request();
  await clock.advance(5000);
  expect(counter.refreshes).toBe(0);
});
