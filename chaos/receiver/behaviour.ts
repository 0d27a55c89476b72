import type { Random } from "../random.ts";
import type { Hook } from "./request_line.ts";

/** How one request is answered. */
export interface Behaviour {
  readonly name: string;
  /** Takes the event over. With an answer other than 2xx, or none, that is a lie. */
  readonly accepts: boolean;
  readonly delayMs: number;
  /** 0: no answer at all. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly ending: "whole" | "oversized" | "cut" | "cut_unread" | "cut_within" | "stall";
}

type Kind =
  | "accept"
  | "cut_unread"
  | "cut"
  | "accept_then_cut"
  | "accept_then_503"
  | "server_error"
  | "throttle"
  | "throttle_absurd"
  | "accept_oversized"
  | "refuse_oversized"
  | "silence"
  | "accept_then_stall"
  | "accept_then_cut_within"
  | "permanent"
  | "redirect"
  | "gone";

const none: Readonly<Record<Kind, number>> = {
  accept: 0,
  cut_unread: 0,
  cut: 0,
  accept_then_cut: 0,
  accept_then_503: 0,
  server_error: 0,
  throttle: 0,
  throttle_absurd: 0,
  accept_oversized: 0,
  refuse_oversized: 0,
  silence: 0,
  accept_then_stall: 0,
  accept_then_cut_within: 0,
  permanent: 0,
  redirect: 0,
  gone: 0,
};

/** Chances in per mille. */
const weights: Readonly<Record<Hook, Readonly<Record<Kind, number>>>> = {
  rough: {
    ...none,
    accept: 650,
    cut_unread: 50,
    cut: 40,
    accept_then_cut: 30,
    accept_then_503: 30,
    server_error: 60,
    throttle: 50,
    throttle_absurd: 15,
    accept_oversized: 30,
    refuse_oversized: 15,
    silence: 8,
    accept_then_stall: 7,
    accept_then_cut_within: 15,
  },
  strict: { ...none, accept: 893, permanent: 80, redirect: 15, server_error: 10, gone: 2 },
  steady: { ...none, accept: 1000 },
};
const slowestMs: Readonly<Record<Hook, number>> = { rough: 900, strict: 120, steady: 40 };

const permanentStatuses = [400, 401, 403, 404, 405, 409, 413, 415, 418, 422] as const;
const transientStatuses = [408, 425, 500, 502, 503, 504, 599] as const;
const absurdWaits = ["999999999", "soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT"] as const;

export function chooseBehaviour(hook: Hook, random: Random, now: Date): Behaviour {
  const kind = random.pickWeighted(weights[hook]);
  // Squared: most answers are quick, a few are slow.
  const delayMs = Math.round(random.next() ** 2 * slowestMs[hook]);
  return { name: kind, ...describeAnswer(kind, random, now), delayMs };
}

function describeAnswer(kind: Kind, random: Random, now: Date): Omit<Behaviour, "name" | "delayMs"> {
  switch (kind) {
    case "accept":
      return answer(200, true);
    case "accept_then_503":
      return answer(503, true);
    case "server_error":
      return answer(random.pick(transientStatuses), false);
    case "throttle":
      return { ...answer(429, false), headers: { "retry-after": politeWait(random, now) } };
    case "throttle_absurd":
      return { ...answer(429, false), headers: { "retry-after": random.pick(absurdWaits) } };
    case "permanent":
      return answer(random.pick(permanentStatuses), false);
    case "redirect":
      return { ...answer(random.pick([301, 302, 307, 308]), false), headers: { location: "/trap" } };
    case "gone":
      return answer(410, false);
    case "accept_oversized":
      return { ...answer(200, true), ending: "oversized" };
    case "refuse_oversized":
      return { ...answer(503, false), ending: "oversized" };
    case "accept_then_stall":
      return { ...answer(200, true), ending: "stall" };
    case "accept_then_cut_within":
      return { ...answer(200, true), ending: "cut_within" };
    case "silence":
      return { ...answer(0, false), ending: "stall" };
    case "accept_then_cut":
      return { ...answer(0, true), ending: "cut" };
    case "cut":
      return { ...answer(0, false), ending: "cut" };
    case "cut_unread":
      return { ...answer(0, false), ending: "cut_unread" };
  }
}

function answer(status: number, accepts: boolean): Omit<Behaviour, "name" | "delayMs"> {
  return { status, accepts, headers: {}, ending: "whole" };
}

function politeWait(random: Random, now: Date): string {
  return random.next() < 0.5 ? "1" : new Date(now.getTime() + 2_000).toUTCString();
}
