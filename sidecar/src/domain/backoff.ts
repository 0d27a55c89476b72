/** The broker is near and nothing moves without it: a restart must not cost longer than itself. */
export const brokerBackoffMaxMs = 2_000;
const firstMs = 250;

/**
 * Wait before the next try at a dependency of ours (Odoo, the broker). Half fixed, half random: several
 * sidecars that lost the same server do not come back in step.
 * @param failureCount failures in a row, from 1
 * @param random in [0, 1)
 * @returns milliseconds, at most `capMs`
 */
export function backoffMs(failureCount: number, random: number, capMs = 15_000): number {
  const ceilingMs = Math.min(capMs, firstMs * 2 ** Math.min(failureCount - 1, 30));
  return Math.round(ceilingMs / 2 + (ceilingMs / 2) * random);
}
