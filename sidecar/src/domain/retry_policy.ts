/**
 * Decides what follows from an answer: delivered, another try (and when), or a person.
 *
 * Waits double from `retryBaseS` per step up to `retryCapS` and are spread by ±20 %, so that deliveries that failed
 * together do not come back together. The spread is cut at the cap, not the value: otherwise half of all long
 * waits would be exactly the cap and arrive as one wave.
 */
import { classifyReply } from "./broker_reply.ts";
import { classifyFault, classifyStatus, type Judgement } from "./classification.ts";
import type { Answer, AttemptDecision, Claim, Endpoint } from "./delivery.ts";
import { describeFailure } from "./failure_text.ts";
import { readRetryAfterS } from "./retry_after.ts";

/** The part of an endpoint that shapes its retries. */
export type RetrySettings = Pick<Endpoint, "maxAttempts" | "retryBaseS" | "retryCapS" | "retryAfterMaxS">;

/** Share of the wait by which chance moves it. */
const jitterShare = 0.2;

/**
 * @param now the instant the answer was complete: a `Retry-After` date is measured from it
 * @param random in [0, 1)
 */
export function decide(
  answer: Answer,
  claim: Pick<Claim, "scheduleStep">,
  endpoint: RetrySettings,
  now: Date,
  random: number,
): AttemptDecision {
  if (isAccepted(answer)) {
    return { kind: "delivered" };
  }
  const judgement = judge(answer);
  const { failureClass } = judgement;
  const error = describeFailure(judgement, answer);
  if (judgement.fate === "permanent") {
    return { kind: "failed", failureClass, error, stopEndpoint: failureClass === "gone" };
  }
  if (claim.scheduleStep >= endpoint.maxAttempts) {
    return {
      kind: "failed",
      failureClass,
      error: `${error}. It was attempt ${claim.scheduleStep} of ${endpoint.maxAttempts}, so a person decides now.`,
      stopEndpoint: false,
    };
  }
  const asked = answer.kind === "answered" ? readRetryAfterS(answer.retryAfter, now) : undefined;
  const retryDelayS =
    asked === undefined
      ? computeRetryDelayS(claim.scheduleStep, endpoint, random)
      : obeyRetryAfterS(asked, endpoint, random);
  return { kind: "retry", failureClass, error, retryDelayS };
}

/** Wait in seconds after the try at `scheduleStep` (from 1), before chance moves it. */
export function computeNominalDelayS(scheduleStep: number, settings: RetrySettings): number {
  return Math.min(settings.retryBaseS * 2 ** (scheduleStep - 1), settings.retryCapS);
}

/** Shortest and longest wait that chance can make of the nominal one; never above the cap. */
export function computeDelayRangeS(
  scheduleStep: number,
  settings: RetrySettings,
): { readonly shortestS: number; readonly longestS: number } {
  const nominalS = computeNominalDelayS(scheduleStep, settings);
  const longestS = Math.min(nominalS * (1 + jitterShare), settings.retryCapS);
  const shortestS = Math.max(nominalS * (1 - jitterShare), shortestWaitS(settings));
  return { shortestS: Math.min(shortestS, longestS), longestS };
}

export interface ScheduleRow {
  /** The attempt that starts after the wait, from 1. */
  readonly attemptNumber: number;
  readonly nominalDelayS: number;
  /** Running totals since the first attempt, with all chances short, as set, or long. */
  readonly totalShortestS: number;
  readonly totalNominalS: number;
  readonly totalLongestS: number;
}

/** The whole schedule as a person may read it, if the endpoint never answers and never asks to wait. */
export function printSchedule(settings: RetrySettings): readonly ScheduleRow[] {
  const rows: ScheduleRow[] = [
    { attemptNumber: 1, nominalDelayS: 0, totalShortestS: 0, totalNominalS: 0, totalLongestS: 0 },
  ];
  for (let step = 1; step < settings.maxAttempts; step += 1) {
    const previous = rows.at(-1);
    const nominalDelayS = computeNominalDelayS(step, settings);
    const { shortestS, longestS } = computeDelayRangeS(step, settings);
    rows.push({
      attemptNumber: step + 1,
      nominalDelayS,
      totalShortestS: (previous?.totalShortestS ?? 0) + shortestS,
      totalNominalS: (previous?.totalNominalS ?? 0) + nominalDelayS,
      totalLongestS: (previous?.totalLongestS ?? 0) + longestS,
    });
  }
  return rows;
}

function isAccepted(answer: Answer): boolean {
  switch (answer.kind) {
    case "answered":
      return answer.statusCode >= 200 && answer.statusCode <= 299;
    case "replied":
      return answer.reply.code === 200;
    case "broken":
      return false;
  }
}

function judge(answer: Answer): Judgement {
  switch (answer.kind) {
    case "answered":
      return classifyStatus(answer.statusCode);
    case "replied":
      return classifyReply(answer.reply);
    case "broken":
      return classifyFault(answer.failureClass);
  }
}

function computeRetryDelayS(scheduleStep: number, settings: RetrySettings, random: number): number {
  const { shortestS, longestS } = computeDelayRangeS(scheduleStep, settings);
  return shortestS + random * (longestS - shortestS);
}

/**
 * The endpoint's own word replaces our schedule: it knows its load better. Chance only lengthens the wait, since
 * coming early would disobey. `Retry-After: 0` would hammer, so half the base is the least.
 */
function obeyRetryAfterS(askedS: number, settings: RetrySettings, random: number): number {
  const waitS = Math.max(Math.min(askedS, settings.retryAfterMaxS), shortestWaitS(settings));
  return waitS * (1 + jitterShare * random);
}

function shortestWaitS(settings: RetrySettings): number {
  return settings.retryBaseS / 2;
}
