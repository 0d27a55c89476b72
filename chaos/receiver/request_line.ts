/** What the hostile receiver writes down; the audit reads nothing else of it. */
export const hooks = ["rough", "strict", "steady"] as const;
export type Hook = (typeof hooks)[number];

/** Written before a byte of the answer is sent, so that no kill hides a request that was answered. */
export interface RequestLine {
  readonly kind: "request";
  /** Unique over restarts. */
  readonly request: string;
  /** Instants in ms since 1970. */
  readonly at: number;
  readonly hook: string;
  readonly webhook_id: string;
  readonly behaviour: string;
  /** The receiver took the event over, whatever it says about it. */
  readonly accepted: boolean;
  /** What it answers; 0 when it cuts the connection or keeps silent. */
  readonly status: number;
  /** False when the answer is cut short or never ends; its status has gone out all the same. */
  readonly complete: boolean;
  /** Empty when the signature is right or the body was not read. */
  readonly signature_fault: string;
  /** Of the body; empty when it was not read. */
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly reference: string;
}

/** How it went. Missing when the receiver was killed meanwhile. */
export interface EndLine {
  readonly kind: "end";
  readonly request: string;
  readonly at: number;
  /** sent: the whole answer went out · broken: the connection ended before. */
  readonly end: "sent" | "broken";
}

export type LogLine = RequestLine | EndLine;

/** Fields that carry the marker of the business call, by what the event type offers. */
export function referenceOf(data: Readonly<Record<string, unknown>>): string {
  const value = data.client_order_ref ?? data.partner_ref ?? data.ref ?? "";
  return typeof value === "string" ? value : "";
}
