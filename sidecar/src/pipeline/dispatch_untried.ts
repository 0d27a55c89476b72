/** Deliveries that are not tried: what Odoo is told of them, and which copies end without a word. */
import type { Claim, Decision, Outcome } from "../domain/delivery.ts";
import type { LogPort } from "../ports/log.ts";
import { type AttemptParts, identify } from "./dispatch_attempt.ts";
import type { EndpointQueue } from "./dispatch_endpoint.ts";
import type { Work } from "./dispatch_ledger.ts";
import type { OdooTime } from "./odoo_time.ts";

/** Wait before a delivery of an unknown endpoint comes back: our list may be older than the delivery. */
const unknownEndpointDelayS = 60;

/**
 * The outcome for a delivery whose endpoint must not be sent to now, or is unknown (`queue` absent or without settings).
 * In Odoo people see it wait, and it comes again when the endpoint is resumed; on the lane it would grow old unseen.
 */
export function describeUntried(
  claim: Claim,
  queue: EndpointQueue | undefined,
  parts: Pick<AttemptParts, "clock" | "worker" | "log">,
): Outcome {
  const isKnown = queue?.endpoint !== undefined;
  if (isKnown) parts.log.info("delivery.returned", identify(claim));
  else parts.log.warn("delivery.endpoint_unknown", identify(claim));
  return {
    deliveryId: claim.deliveryId,
    attemptNumber: claim.attemptNumber,
    startedAt: parts.clock.now().toISOString(),
    durationMs: 0,
    statusCode: 0,
    responseExcerpt: "",
    decision: isKnown ? { kind: "returned" } : postponed,
    worker: parts.worker,
    ...(claim.sendBefore === undefined ? {} : { sendBefore: claim.sendBefore }),
  };
}

const postponed: Decision = {
  kind: "retry",
  failureClass: "configuration",
  error: "The service does not know the endpoint of this delivery (yet), so nothing was sent",
  retryDelayS: unknownEndpointDelayS,
};

/** Whether another copy is the one to send; ours is then off the road. */
export function isSuperseded({ message }: Work, odooTime: OdooTime, log: LogPort): boolean {
  // Lost with its connection: another worker may be sending it. A copy that comes to us starts afresh.
  if (!message.isOurs) return true;
  const claim = message.value;
  if (claim.sendBefore === undefined || !odooTime.hasReached(claim.sendBefore)) return false;
  // Odoo gives the attempt out anew, or has already.
  log.info("delivery.copy_outdated", { ...identify(claim), send_before: claim.sendBefore });
  message.ack();
  return true;
}
