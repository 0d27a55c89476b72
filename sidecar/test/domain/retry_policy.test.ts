import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../src/domain/delivery.ts";
import {
  computeDelayRangeS,
  computeNominalDelayS,
  decide,
  printSchedule,
  type RetrySettings,
  type ScheduleRow,
} from "../../src/domain/retry_policy.ts";
import { buildClaim, buildEndpoint } from "../builders.ts";

const now = new Date("2026-11-20T08:31:54.000Z");
const endpoint = buildEndpoint();

function answered(statusCode: number, retryAfter?: string, excerpt = ""): Answer {
  return { kind: "answered", statusCode, retryAfter, excerpt };
}

function decideDelayS(answer: Answer, random: number, scheduleStep = 1, settings: RetrySettings = endpoint) {
  const decision = decide(answer, buildClaim({ scheduleStep }), settings, now, random);
  return decision.kind === "retry" ? decision.retryDelayS : undefined;
}

/** Settings as Odoo lets people enter them, where the cap is no less than the base. */
const settingsArbitrary = fc
  .record({
    retryBaseS: fc.integer({ min: 1, max: 3_600 }),
    capFactor: fc.integer({ min: 1, max: 10_000 }),
    maxAttempts: fc.integer({ min: 2, max: 60 }),
    retryAfterMaxS: fc.integer({ min: 1, max: 86_400 }),
  })
  .map(({ capFactor, ...settings }) => ({ ...settings, retryCapS: settings.retryBaseS * capFactor }));
const randomArbitrary = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("decide", () => {
  it.each([200, 201, 202, 204, 299])("takes %i as delivered", (statusCode) => {
    expect(decide(answered(statusCode), buildClaim(), endpoint, now, 0)).toEqual({ kind: "delivered" });
  });

  it("hands a refusal to a person at once, with the endpoint's words", () => {
    expect(decide(answered(422, undefined, "VAT id missing"), buildClaim(), endpoint, now, 0)).toEqual({
      kind: "failed",
      failureClass: "contract",
      error: 'The endpoint refused the data (HTTP 422): "VAT id missing"',
      stopEndpoint: false,
    });
  });

  it("stops the endpoint on 410, also at the last step", () => {
    const decision = decide(answered(410), buildClaim({ scheduleStep: 8 }), endpoint, now, 0);
    expect(decision).toMatchObject({ kind: "failed", failureClass: "gone", stopEndpoint: true });
  });

  it("does not stop the endpoint for any other answer", () => {
    for (let statusCode = 300; statusCode <= 599; statusCode += 1) {
      const decision = decide(answered(statusCode), buildClaim({ scheduleStep: 8 }), endpoint, now, 0);
      expect(decision).toMatchObject({ kind: "failed", stopEndpoint: statusCode === 410 });
    }
  });

  it("tries again after a network fault", () => {
    const answer: Answer = { kind: "broken", failureClass: "connect", error: "connect ECONNREFUSED" };
    expect(decide(answer, buildClaim(), endpoint, now, 0.5)).toEqual({
      kind: "retry",
      failureClass: "connect",
      error: "The endpoint could not be reached: connect ECONNREFUSED",
      retryDelayS: 30,
    });
  });

  it("gives up after the last step and keeps the class", () => {
    const decision = decide(answered(503), buildClaim({ scheduleStep: 8 }), endpoint, now, 0);
    expect(decision).toEqual({
      kind: "failed",
      failureClass: "unavailable",
      error:
        "The endpoint is not available right now (HTTP 503). It was attempt 8 of 8, so a person decides now.",
      stopEndpoint: false,
    });
  });

  it("counts the schedule and not the attempts, so a manual retry gets a whole schedule", () => {
    const claim = buildClaim({ attemptNumber: 9, scheduleStep: 1 });
    expect(decide(answered(503), claim, endpoint, now, 0).kind).toBe("retry");
  });
});

describe("the wait before the next try", () => {
  it("doubles from the base and stays at the cap", () => {
    const steps = [1, 2, 3, 4, 9, 10, 11, 12, 1_100];
    expect(steps.map((step) => computeNominalDelayS(step, endpoint))).toEqual([
      30, 60, 120, 240, 7_680, 15_360, 21_600, 21_600, 21_600,
    ]);
  });

  it("is moved by at most 20 % in both directions", () => {
    expect(decideDelayS(answered(500), 0, 3)).toBeCloseTo(96);
    expect(decideDelayS(answered(500), 0.5, 3)).toBeCloseTo(120);
    expect(decideDelayS(answered(500), 1, 3)).toBeCloseTo(144);
  });

  it("never exceeds the cap, falls below half the base, or leaves its range", () => {
    fc.assert(
      fc.property(settingsArbitrary, fc.nat(58), randomArbitrary, (settings, skipped, random) => {
        const step = 1 + (skipped % (settings.maxAttempts - 1));
        const delayS = decideDelayS(answered(503), random, step, settings) ?? Number.NaN;
        const { shortestS, longestS } = computeDelayRangeS(step, settings);
        expect(delayS).toBeLessThanOrEqual(settings.retryCapS);
        expect(delayS).toBeGreaterThanOrEqual(settings.retryBaseS / 2);
        expect(delayS).toBeGreaterThanOrEqual(shortestS);
        expect(delayS).toBeLessThanOrEqual(longestS);
      }),
    );
  });

  it("never shrinks from step to step under the same chance", () => {
    fc.assert(
      fc.property(
        settingsArbitrary,
        fc.integer({ min: 1, max: 58 }),
        randomArbitrary,
        (settings, step, random) => {
          const patient = { ...settings, maxAttempts: 100 };
          const delayS = decideDelayS(answered(503), random, step, patient) ?? Number.NaN;
          const nextS = decideDelayS(answered(503), random, step + 1, patient) ?? Number.NaN;
          expect(nextS).toBeGreaterThanOrEqual(delayS * (1 - 1e-12));
        },
      ),
    );
  });

  it("is still spread at the cap, so that deliveries do not come back as one wave", () => {
    const { shortestS, longestS } = computeDelayRangeS(20, endpoint);
    expect(longestS).toBe(21_600);
    expect(shortestS).toBeCloseTo(17_280);
  });
});

describe("Retry-After", () => {
  it("replaces our own wait", () => {
    expect(decideDelayS(answered(429, "120"), 0)).toBe(120);
    expect(decideDelayS(answered(503, "Fri, 20 Nov 2026 08:36:54 GMT"), 0)).toBe(300);
  });

  it("is bounded by what the endpoint's settings allow", () => {
    expect(decideDelayS(answered(429, "999999"), 0)).toBe(3_600);
  });

  it("of zero does not hammer", () => {
    expect(decideDelayS(answered(429, "0"), 0)).toBe(15);
  });

  it.each(["soon", "-5", "1.5", "Fri, 20 Nov 2026 08:31:53 GMT"])("%j is ignored", (retryAfter) => {
    expect(decideDelayS(answered(503, retryAfter), 0.5)).toBe(30);
  });

  it("is never undercut by chance", () => {
    fc.assert(
      fc.property(settingsArbitrary, fc.nat(100_000), randomArbitrary, (settings, askedS, random) => {
        const delayS = decideDelayS(answered(429, String(askedS)), random, 1, settings) ?? Number.NaN;
        const obeyedS = Math.max(Math.min(askedS, settings.retryAfterMaxS), settings.retryBaseS / 2);
        expect(delayS).toBeGreaterThanOrEqual(obeyedS);
        expect(delayS).toBeLessThanOrEqual(obeyedS * 1.2);
      }),
    );
  });

  it("does not turn a permanent refusal into a retry", () => {
    expect(decide(answered(413, "60"), buildClaim(), endpoint, now, 0).kind).toBe("failed");
  });
});

describe("printSchedule", () => {
  it("shows every attempt with running totals", () => {
    const rows = printSchedule(endpoint);
    expect(rows.map((row) => row.attemptNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(rows.map((row) => row.nominalDelayS)).toEqual([0, 30, 60, 120, 240, 480, 960, 1_920]);
    expect(rows.at(-1)).toMatchObject({ totalNominalS: 3_810 });
    expect(rows.at(-1)?.totalShortestS).toBeCloseTo(3_048);
    expect(rows.at(-1)?.totalLongestS).toBeCloseTo(4_572);
  });

  it("has one row when nothing is tried again", () => {
    expect(printSchedule({ ...endpoint, maxAttempts: 1 })).toHaveLength(1);
  });

  it("is the one that Odoo shows on the endpoint: both equal the same fixture", () => {
    expect(schedules.length).toBeGreaterThan(3);
    for (const { settings, rows } of schedules) {
      const printed = printSchedule({
        maxAttempts: settings.max_attempts,
        retryBaseS: settings.retry_base_s,
        retryCapS: settings.retry_cap_s,
        retryAfterMaxS: 3_600,
      });
      expect(printed.map(toFixtureRow)).toEqual(rows);
    }
  });
});

/** In the addon, so that its own test finds it wherever the addon is installed. */
const schedules: readonly {
  readonly settings: {
    readonly max_attempts: number;
    readonly retry_base_s: number;
    readonly retry_cap_s: number;
  };
  readonly rows: readonly object[];
}[] = JSON.parse(
  readFileSync(
    new URL("../../../odoo_addon/integration_monitor/tests/retry_schedules.json", import.meta.url),
    "utf8",
  ),
);

function toFixtureRow(row: ScheduleRow): object {
  return {
    attempt_number: row.attemptNumber,
    nominal_delay_s: row.nominalDelayS,
    total_shortest_s: row.totalShortestS,
    total_nominal_s: row.totalNominalS,
    total_longest_s: row.totalLongestS,
  };
}
