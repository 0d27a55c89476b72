/** The nouns that travel through the sidecar. All times are ISO 8601 UTC instants, ids are Odoo ids. */
import type { BrokerReply } from "./broker_reply.ts";

export type Lane = "urgent" | "batch";

/** One due delivery, leased to this worker by Odoo. */
export interface Claim {
  readonly deliveryId: number;
  /** The number this try will have, from 1. Fences reports: Odoo ignores any other number. */
  readonly attemptNumber: number;
  /** Position in the retry schedule, from 1; starts again after a manual retry. */
  readonly scheduleStep: number;
  readonly endpointId: number;
  readonly lane: Lane;
  /** Same for every copy of the delivery; the receiver's de-duplication key. */
  readonly webhookId: string;
  readonly eventType: string;
  /** "account.move,42": deliveries of one record never overtake each other. */
  readonly recordKey: string;
  readonly sequence: number;
  readonly recordedAt: string;
  /**
   * Odoo's clock. From then on Odoo may give the same attempt out anew, so this copy must not be sent any more.
   * Absent in messages of an older version.
   */
  readonly sendBefore?: string;
  /** JSONata expression that makes the data to send out of `body`. Absent: `body` is sent. */
  readonly mapping?: string;
  /** A person tries the endpoint: sent in any state of it, once, and told with the request. */
  readonly isTest?: boolean;
  /** The CloudEvent JSON text. Without a mapping these bytes are signed and sent unchanged. */
  readonly body: string;
}

export type EndpointState = "draft" | "active" | "paused" | "stopped" | "fenced";

export type EndpointAuth =
  | { readonly kind: "none" }
  | { readonly kind: "header"; readonly headerName: string; readonly secret: string }
  | { readonly kind: "basic"; readonly username: string; readonly secret: string }
  | { readonly kind: "bearer"; readonly secret: string }
  | OAuthClient
  /** The client certificate in `tls` is all there is. */
  | { readonly kind: "mtls" };

/** OAuth 2.0 client credentials (RFC 6749 §4.4). */
export interface OAuthClient {
  readonly kind: "oauth2";
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly secret: string;
  /** Where the client id and secret go: `Authorization: Basic`, or the form. */
  readonly clientAuth: "basic" | "body";
  /** Separated by spaces; empty when none is asked for. */
  readonly scope: string;
  readonly audience: string;
}

/** PEM texts for connections to the endpoint. */
export interface EndpointTls {
  /** Trusted instead of the public authorities. */
  readonly ca?: string;
  readonly client?: { readonly certificate: string; readonly key: string };
}

/** Where a receiver's broker takes the events of an endpoint of kind `amqp`. */
export interface AmqpTarget {
  /** Empty for the default exchange, which routes to the queue named like the routing key. */
  readonly exchange: string;
  /** Literal text with the placeholders {event_type}, {record_model} and {company_id}. */
  readonly routingKey: string;
}

/** How one endpoint wants to be served. Holds secrets: memory only, never logged or published. */
export interface Endpoint {
  readonly id: number;
  readonly name: string;
  readonly state: EndpointState;
  /** `https://…`, or `amqps://host[:port]/vhost` for a broker. */
  readonly url: string;
  /** Set for endpoints of kind `amqp`; all others are reached over HTTP. */
  readonly amqp?: AmqpTarget;
  readonly auth: EndpointAuth;
  readonly tls: EndpointTls;
  /** Standard Webhooks secrets (`whsec_…`, `whsk_…`); several during rotation. */
  readonly signingSecrets: readonly string[];
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly window: number;
  readonly maxAttempts: number;
  readonly retryBaseS: number;
  readonly retryCapS: number;
  readonly retryAfterMaxS: number;
  /** Addresses, CIDR ranges or host names allowed although they are not public. */
  readonly allowedAddresses: readonly string[];
}

/** Why a try did not deliver. The list is closed; Odoo shows a text for each. */
export const failureClasses = [
  "redirect",
  "contract",
  "auth",
  "endpoint_missing",
  "conflict",
  "gone",
  "too_large",
  "throttled",
  "server_error",
  "unavailable",
  "dns",
  "connect",
  "timeout",
  "reset",
  "tls",
  "address_refused",
  "payload",
  "mapping",
  "configuration",
  "poison",
  "rejected",
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** What happened on the wire, before any judgement. */
export type Answer =
  | {
      readonly kind: "answered";
      readonly statusCode: number;
      /** Raw `Retry-After` header, if sent. */
      readonly retryAfter: string | undefined;
      /** Start of the body as text, at most 2,000 characters. */
      readonly excerpt: string;
    }
  /** A broker took the message, or refused it. */
  | { readonly kind: "replied"; readonly reply: BrokerReply }
  | { readonly kind: "broken"; readonly failureClass: FailureClass; readonly error: string };

/** What follows from an answer. */
export type AttemptDecision =
  | { readonly kind: "delivered" }
  | {
      readonly kind: "retry";
      readonly failureClass: FailureClass;
      readonly error: string;
      readonly retryDelayS: number;
    }
  | {
      readonly kind: "failed";
      readonly failureClass: FailureClass;
      readonly error: string;
      /** True for 410: the endpoint asked us to stop until a person re-activates it. */
      readonly stopEndpoint: boolean;
    };

/** What Odoo is told. `returned`: nothing was tried, the delivery shall wait in Odoo. */
export type Decision = AttemptDecision | { readonly kind: "returned" };

/** The report of one try, as it goes back to Odoo. */
export interface Outcome {
  readonly deliveryId: number;
  readonly attemptNumber: number;
  readonly startedAt: string;
  readonly durationMs: number;
  /** HTTP status, or a broker's AMQP reply code; 0 when no answer came. */
  readonly statusCode: number;
  readonly responseExcerpt: string;
  readonly decision: Decision;
  readonly worker: string;
  /** Of a copy that is given back: its claim's `sendBefore`, which tells it from later copies of the attempt. */
  readonly sendBefore?: string;
  /** Of a test: what was sent, without secrets. */
  readonly request?: RequestTold;
}

/** A request as a person may read it. */
export interface RequestTold {
  /** `POST https://… HTTP/1.1`, then one header per line. */
  readonly head: string;
  /** At most 20,000 characters. */
  readonly body: string;
}
