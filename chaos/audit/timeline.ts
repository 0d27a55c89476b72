import { deliveryKey, endpointOf } from "./check_delivery.ts";
import type { Facts } from "./facts.ts";

interface Moment {
  readonly at: number;
  readonly text: string;
}

/** All that is known of one delivery in the order it happened, one line each; kills around it included. */
export function renderTimeline(facts: Facts, deliveryId: number): string {
  const delivery = facts.deliveries.find(({ id }) => id === deliveryId);
  if (!delivery) return `  delivery ${deliveryId} does not exist`;
  const event = facts.events.find(({ event_id }) => event_id === delivery.event_id);
  const key = deliveryKey(delivery.endpoint_id, delivery.event_id);
  const moments: Moment[] = [];
  for (const row of facts.attempts.filter((attempt) => attempt.delivery_id === deliveryId)) {
    const { attempt_number, worker, duration_ms, outcome, status_code, failure_class } = row;
    const answer = `${outcome} ${status_code} ${failure_class ?? ""} after ${duration_ms} ms`;
    moments.push({ at: row.started_at, text: `attempt ${attempt_number} by ${worker}: ${answer}` });
  }
  for (const row of facts.transitions.filter((transition) => transition.delivery_id === deliveryId)) {
    moments.push({ at: row.at, text: `a person: ${row.from_state} → ${row.to_state}` });
  }
  for (const row of facts.requests) {
    if (deliveryKey(endpointOf(facts, row.hook), row.webhook_id) !== key) continue;
    const taken = row.accepted ? "taken over" : "not taken over";
    const end = row.end ? `${row.end.end} after ${row.end.at - row.at} ms` : "no end noted";
    moments.push({
      at: row.at,
      text: `receiver ${row.request}: ${row.behaviour} ${row.status}, ${taken}, ${end}`,
    });
  }
  const from = Math.min(...moments.map(({ at }) => at)) - 5_000;
  const to = Math.max(...moments.map(({ at }) => at)) + 5_000;
  for (const { target, at, backAt } of facts.kills) {
    if (at > to || backAt < from) continue;
    moments.push({ at, text: `kill -9 ${target}, back ${Math.round((backAt - at) / 100) / 10} s later` });
  }
  const lines = moments.sort((a, b) => a.at - b.at).map(({ at, text }) => `    ${clock(at)}  ${text}`);
  const title = `delivery ${delivery.id}: ${event?.event_type ?? "?"} ${event?.subject ?? "?"} no. ${event?.sequence ?? "?"}`;
  const state = `${delivery.state}, ${delivery.attempt_count} attempts`;
  return [`  ${title} → ${delivery.endpoint_id}, ${state}, webhook-id ${delivery.event_id}`, ...lines].join(
    "\n",
  );
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
