import { type Hook, hooks } from "../receiver/request_line.ts";
import { type Breach, type Check, groupBy, judge } from "./check.ts";
import type { Delivery, Facts, OdooEvent, Request } from "./facts.ts";

/** Events against deliveries against what the receiver took over. */
export function checkDelivery(facts: Facts): Check[] {
  return [checkCompleteness(facts), checkArrival(facts), checkContent(facts), checkOrder(facts)];
}

export function deliveryKey(endpointId: number, webhookId: string): string {
  return `${endpointId} ${webhookId}`;
}

/** Deliveries by endpoint and event, to find a request's delivery. */
function indexDeliveries(facts: Facts): Map<string, Delivery> {
  return new Map(facts.deliveries.map((row) => [deliveryKey(row.endpoint_id, row.event_id), row]));
}

export function endpointOf(facts: Facts, hook: string): number {
  return facts.endpoints[hook as Hook] ?? 0;
}

/** Every event, for every endpoint, ends delivered. */
function checkCompleteness(facts: Facts): Check {
  const deliveries = indexDeliveries(facts);
  const breaches: Breach[] = [];
  for (const event of facts.events) {
    for (const hook of hooks) {
      const delivery = deliveries.get(deliveryKey(endpointOf(facts, hook), event.event_id));
      if (!delivery) breaches.push({ text: `${describeEvent(event)} has no delivery for ${hook}` });
      else if (delivery.state !== "delivered") {
        breaches.push({
          text: `${describeEvent(event)} is ${delivery.state} for ${hook}`,
          deliveryId: delivery.id,
        });
      }
    }
  }
  return judge("event without a delivery, or one that is not delivered", facts.deliveries.length, breaches);
}

/** What Odoo calls delivered, the receiver has. */
function checkArrival(facts: Facts): Check {
  const accepted = new Set(
    facts.requests
      .filter((request) => request.accepted)
      .map((request) => deliveryKey(endpointOf(facts, request.hook), request.webhook_id)),
  );
  const delivered = facts.deliveries.filter(({ state }) => state === "delivered");
  const lost = delivered.filter((row) => !accepted.has(deliveryKey(row.endpoint_id, row.event_id)));
  return judge(
    "delivered in Odoo, never taken over by the receiver (lost)",
    delivered.length,
    lost.map((row) => ({ text: `delivery ${row.id} of event ${row.event_id}`, deliveryId: row.id })),
  );
}

/** What the receiver got is signed, is an event of Odoo, and says what the event says. */
function checkContent(facts: Facts): Check {
  const events = new Map(facts.events.map((event) => [event.event_id, event]));
  const breaches: Breach[] = [];
  for (const request of facts.requests) {
    const event = events.get(request.webhook_id);
    const fault = findFault(request, event);
    if (fault) breaches.push({ text: `request ${request.request} to ${request.hook}: ${fault}` });
  }
  return judge("request that is unknown, unsigned, redirected or altered", facts.requests.length, breaches);
}

function findFault(request: Request, event: OdooEvent | undefined): string {
  if (request.hook === "trap") return "a redirect was followed";
  if (!event) return `Odoo has no event ${request.webhook_id}`;
  // The body was not read.
  if (request.type === "") return "";
  if (request.signature_fault !== "") return request.signature_fault;
  const says = [request.type, request.subject, request.reference, Number(request.sequence)];
  const should = [event.event_type, event.subject, event.reference, event.sequence];
  return says.join(" ") === should.join(" ") ? "" : `says ${says.join(" ")}, the event ${should.join(" ")}`;
}

/**
 * Each endpoint takes the events of a record over in the order of their numbers. A repeat of one that it has already
 * is recognised by its `webhook-id` and moves nothing.
 */
function checkOrder(facts: Facts): Check {
  const deliveries = indexDeliveries(facts);
  const breaches: Breach[] = [];
  const accepted = facts.requests.filter((request) => request.accepted);
  let late = 0;
  for (const [, requests] of groupBy(accepted, ({ hook, subject }) => `${hook} ${subject}`)) {
    const seen = new Set<string>();
    let highest = 0;
    for (const request of requests) {
      const sequence = Number(request.sequence);
      if (seen.has(request.webhook_id)) {
        if (sequence < highest) late += 1;
        continue;
      }
      seen.add(request.webhook_id);
      if (sequence < highest) {
        const id = deliveries.get(deliveryKey(endpointOf(facts, request.hook), request.webhook_id))?.id;
        breaches.push({
          text: `${request.hook} took ${request.subject} no. ${sequence} over after no. ${highest}`,
          ...(id === undefined ? {} : { deliveryId: id }),
        });
      }
      highest = Math.max(highest, sequence);
    }
  }
  const note = `${late} late repeats of an event it had, behind a newer one`;
  return judge("event of a record taken over after a newer one (order)", accepted.length, breaches, note);
}

function describeEvent(event: OdooEvent): string {
  return `event ${event.event_id} (${event.event_type} ${event.subject})`;
}
