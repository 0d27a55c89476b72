import type { Attempt, Change, Delivery, Facts, OdooEvent, Request } from "../audit/facts.ts";
import type { BusinessCall } from "../business/call_book.ts";

export const noFacts: Facts = {
  calls: [],
  kills: [],
  endpoints: { rough: 1, strict: 2, steady: 3 },
  changes: [],
  events: [],
  deliveries: [],
  attempts: [],
  transitions: [],
  requests: [],
};

export const type = "odoo.res.partner.changed.v1";

export function change(order: number, reference: string, subject = "res.partner/7"): Change {
  return { order, event_type: type, subject, reference };
}

export function event(sequence: number, reference: string, subject = "res.partner/7"): OdooEvent {
  return {
    id: sequence,
    event_id: `e${sequence}`,
    event_type: type,
    subject,
    reference,
    sequence,
    state: "recorded",
  };
}

export function call(marker: string, override: Partial<BusinessCall> = {}): BusinessCall {
  return { marker, kind: "contact", expects: "event", outcome: "committed", error: "", at: 0, ...override };
}

/** Delivery of event `e<number>` to the steady endpoint. */
export function delivery(number: number, override: Partial<Delivery> = {}): Delivery {
  return {
    id: number,
    event_id: `e${number}`,
    endpoint_id: 3,
    state: "delivered",
    attempt_count: 1,
    ...override,
  };
}

export function attempt(deliveryId: number, override: Partial<Attempt> = {}): Attempt {
  return {
    delivery_id: deliveryId,
    attempt_number: 1,
    started_at: 1_000,
    duration_ms: 20,
    outcome: "delivered",
    status_code: 200,
    failure_class: null,
    error: null,
    worker: "sidecar",
    ...override,
  };
}

/** Request number `index` for event `e<number>` at the steady hook, taken over and answered at 1,010 ms. */
export function request(index: number, number: number, override: Partial<Request> = {}): Request {
  return {
    kind: "request",
    request: `r${index}`,
    index,
    at: 1_010,
    hook: "steady",
    webhook_id: `e${number}`,
    behaviour: "accept",
    accepted: true,
    status: 200,
    complete: true,
    signature_fault: "",
    type,
    subject: "res.partner/7",
    sequence: String(number).padStart(12, "0"),
    reference: `m${number}`,
    end: { kind: "end", request: `r${index}`, at: 1_015, end: "sent" },
    ...override,
  };
}
