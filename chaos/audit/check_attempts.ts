import type { KillRecord } from "../world/chaos_world.ts";
import { type Breach, type Check, groupBy, judge } from "./check.ts";
import { deliveryKey, endpointOf } from "./check_delivery.ts";
import type { Attempt, Delivery, Facts, Request } from "./facts.ts";

/** Both sides have the same clock, but note their instants a moment apart. */
const slackMs = 250;

/** What became of one request: known to Odoo as an attempt, without an answer to know, or lost on the way back. */
interface Matched {
  readonly delivery: Delivery;
  readonly attempts: readonly Attempt[];
  readonly requests: readonly Request[];
  /** Attempts with an answer that no request explains. */
  readonly unseen: readonly Attempt[];
  /** Requests whose answer came after the sender had given up: Odoo knows an attempt without an answer. */
  readonly givenUp: readonly Request[];
  /** Requests that were answered completely, and no attempt knows. */
  readonly unknown: readonly Request[];
}

/** Odoo's history of attempts against the receiver's log. */
export function checkAttempts(facts: Facts): Check[] {
  const attempts = groupBy(facts.attempts, (row) => row.delivery_id);
  const requests = groupBy(facts.requests, (row) => deliveryKey(endpointOf(facts, row.hook), row.webhook_id));
  const matched = facts.deliveries.map((delivery) =>
    match(
      delivery,
      attempts.get(delivery.id) ?? [],
      requests.get(deliveryKey(delivery.endpoint_id, delivery.event_id)) ?? [],
    ),
  );
  return [
    checkCounts(matched),
    checkUnseen(matched),
    checkUnknown(matched, facts.kills),
    checkRepeats(matched, facts.kills),
  ];
}

function match(delivery: Delivery, attempts: readonly Attempt[], requests: readonly Request[]): Matched {
  // An answer counts when its status went out: that says what the receiver decided, even if its body breaks off.
  const free = new Set(requests.filter((request) => request.status > 0));
  const unseen: Attempt[] = [];
  for (const attempt of attempts.filter(({ status_code }) => status_code > 0)) {
    const found = [...free].find((request) => isOf(attempt, request));
    if (found) free.delete(found);
    else unseen.push(attempt);
  }
  // An answer that ended after the sender had given up is an attempt without an answer.
  const givenUp: Request[] = [];
  for (const attempt of attempts.filter(({ status_code }) => status_code === 0)) {
    const found = [...free].find((request) => isWithin(attempt, request));
    if (!found) continue;
    free.delete(found);
    givenUp.push(found);
  }
  // Nobody has to know of an answer that did not go out whole.
  const unknown = [...free].filter((request) => request.complete && request.end?.end === "sent");
  return { delivery, attempts, requests, unseen, givenUp, unknown };
}

function isOf(attempt: Attempt, request: Request): boolean {
  return request.status === attempt.status_code && isWithin(attempt, request);
}

function isWithin(attempt: Attempt, request: Request): boolean {
  const endsAt = attempt.started_at + attempt.duration_ms;
  return request.at >= attempt.started_at - slackMs && request.at <= endsAt + slackMs;
}

/** The counter, the history and the last outcome of one delivery agree. */
function checkCounts(matched: readonly Matched[]): Check {
  const breaches: Breach[] = [];
  for (const { delivery, attempts } of matched) {
    const numbers = attempts.map(({ attempt_number }) => attempt_number);
    const expected = Array.from({ length: delivery.attempt_count }, (_, index) => index + 1);
    const isWhole = numbers.join() === expected.join();
    const isEnd = delivery.state !== "delivered" || attempts.at(-1)?.outcome === "delivered";
    const deliveredTimes = attempts.filter(({ outcome }) => outcome === "delivered").length;
    if (isWhole && isEnd && deliveredTimes <= 1) continue;
    breaches.push({
      text: `delivery ${delivery.id} counts ${delivery.attempt_count} attempts and lists ${numbers.join()}`,
      deliveryId: delivery.id,
    });
  }
  return judge("delivery whose count, history and state disagree", matched.length, breaches);
}

function checkUnseen(matched: readonly Matched[]): Check {
  const answered = matched.flatMap(({ attempts }) => attempts.filter(({ status_code }) => status_code > 0));
  const breaches = matched.flatMap(({ delivery, unseen }) =>
    unseen.map((attempt) => ({
      text: `attempt ${attempt.attempt_number} of delivery ${delivery.id} claims ${attempt.status_code}`,
      deliveryId: delivery.id,
    })),
  );
  return judge("answered attempt in Odoo that the receiver never answered", answered.length, breaches);
}

/** An answered request that no attempt knows: its outcome died with a process, which a kill has to explain. */
function checkUnknown(matched: readonly Matched[], kills: readonly KillRecord[]): Check {
  const breaches: Breach[] = [];
  let explained = 0;
  for (const { delivery, requests, unknown } of matched) {
    for (const request of unknown) {
      if (findKill(request, requests, kills)) explained += 1;
      else {
        breaches.push({
          text: `request ${request.request} of delivery ${delivery.id} was answered ${request.status}`,
          deliveryId: delivery.id,
        });
      }
    }
  }
  const answered = matched.flatMap(({ requests }) => requests.filter((request) => request.complete));
  const note = `${explained} outcomes died with a killed process; the request was made again`;
  return judge("answered request that Odoo does not know, without a kill", answered.length, breaches, note);
}

/** Events that were taken over more than once: each copy but the last has to say why another one followed. */
function checkRepeats(matched: readonly Matched[], kills: readonly KillRecord[]): Check {
  const breaches: Breach[] = [];
  const causes = { denied: 0, givenUp: 0, killed: 0 };
  for (const { delivery, requests, givenUp } of matched) {
    for (const request of requests.filter(({ accepted }) => accepted).slice(0, -1)) {
      const isHonest = request.status >= 200 && request.status < 300 && request.complete;
      if (!isHonest) causes.denied += 1;
      else if (givenUp.includes(request)) causes.givenUp += 1;
      else if (findKill(request, requests, kills)) causes.killed += 1;
      else {
        breaches.push({
          text: `delivery ${delivery.id} was sent again after request ${request.request} had been answered`,
          deliveryId: delivery.id,
        });
      }
    }
  }
  const looked = matched.reduce((sum, one) => sum + one.requests.length, 0);
  const { killed, denied, givenUp } = causes;
  const note = `${killed + denied + givenUp} duplicates: ${killed} after a kill, ${denied} taken over and denied by the receiver, ${givenUp} answered too late`;
  return judge("duplicate that nothing explains", looked, breaches, note);
}

/** A kill, or the time a killed service was away, between the copies of the delivery before and after this one. */
function findKill(
  request: Request,
  requests: readonly Request[],
  kills: readonly KillRecord[],
): KillRecord | undefined {
  const place = requests.indexOf(request);
  const from = (requests[place - 1] ?? request).at - slackMs;
  const to = (requests[place + 1] ?? request).at + slackMs;
  return kills.find(({ at, backAt }) => at <= to && backAt >= from);
}
