import fc from "fast-check";
import { expect, test } from "vitest";
import { shareSlots } from "../../src/domain/worker_share.ts";

const count = fc.integer({ min: 1, max: 50 });
const concurrency = fc.integer({ min: 0, max: 1000 });
const endpointId = fc.integer({ min: 1, max: 2 ** 31 - 1 });

function shareAll(slots: number, id: number, workers: number): readonly number[] {
  return Array.from({ length: workers }, (_, index) => shareSlots(slots, id, { count: workers, index }));
}

test("the shares of all sidecars add up to the concurrency and differ by at most one", () => {
  fc.assert(
    fc.property(concurrency, endpointId, count, (slots, id, workers) => {
      const shares = shareAll(slots, id, workers);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(slots);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

test("with a setting that some have read and others not, the shares stay within the larger one", () => {
  fc.assert(
    fc.property(concurrency, concurrency, endpointId, count, fc.nat(), (one, other, id, workers, readers) => {
      const before = shareAll(one, id, workers);
      const after = shareAll(other, id, workers);
      const mixed = before.map((share, index) => ((readers >> index) & 1 ? (after[index] ?? 0) : share));
      expect(mixed.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(Math.max(one, other));
    }),
  );
});

test("endpoints with one slot each are spread over the sidecars", () => {
  const served = [0, 1, 2].map((index) =>
    [1, 2, 3, 4, 5, 6].filter((id) => shareSlots(1, id, { count: 3, index }) === 1),
  );
  expect(served).toEqual([
    [3, 6],
    [2, 5],
    [1, 4],
  ]);
});
