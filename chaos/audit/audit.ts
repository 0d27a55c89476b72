import type { Check } from "./check.ts";
import { checkAttempts } from "./check_attempts.ts";
import { checkCapture } from "./check_capture.ts";
import { checkDelivery } from "./check_delivery.ts";
import type { Facts } from "./facts.ts";
import { renderTimeline } from "./timeline.ts";

const breachesShownMax = 5;

/** Every promise, judged. Nothing here asks the product: all facts are in. */
export function audit(facts: Facts): Check[] {
  return [...checkCapture(facts), ...checkDelivery(facts), ...checkAttempts(facts)];
}

/** The breaches of one promise with the timelines of the deliveries they are about. */
export function explain(check: Check, facts: Facts): string {
  const shown = check.breaches.slice(0, breachesShownMax);
  const parts = shown.map(({ text, deliveryId }) =>
    deliveryId === undefined ? `  ${text}` : `  ${text}\n${renderTimeline(facts, deliveryId)}`,
  );
  const more = check.breaches.length - shown.length;
  return [
    `${check.promise}: ${check.breaches.length}`,
    ...parts,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join("\n");
}
