/** Deliveries that wait until a measure lets them go, all at one instant, with sidecars running and at rest. */
import type { OdooAccess } from "./pending_deliveries.ts";

/** Text that marks the bench's own looks at the database, for whoever counts statements. */
export const ownMark = "bench look";
const lookEveryMs = 250;

/** Puts off everything that is pending, so that no sidecar takes it. None may run. */
export async function holdPending(odoo: OdooAccess): Promise<void> {
  await odoo.sql(`
    UPDATE integration_delivery SET next_attempt_at = now() AT TIME ZONE 'UTC' + interval '1 day'
     WHERE state = 'pending';
    VACUUM ANALYZE integration_event, integration_delivery;`);
}

/** Lets the oldest `count` held deliveries go in `inMs`; returns when, in ms since 1970. */
export async function releaseHeld(odoo: OdooAccess, count: number, inMs: number): Promise<number> {
  const released = await odoo.sql(`
    WITH held AS (
      SELECT id FROM integration_delivery
       WHERE state = 'pending' AND next_attempt_at > now() AT TIME ZONE 'UTC' + interval '1 hour'
    ORDER BY id LIMIT ${count}
    ), released AS (
      UPDATE integration_delivery d
         SET next_attempt_at = clock.due_at
        FROM (SELECT now() AT TIME ZONE 'UTC' + interval '${inMs} ms' AS due_at) AS clock
       WHERE d.id IN (SELECT id FROM held)
      RETURNING next_attempt_at
    )
    SELECT count(*), extract(epoch FROM max(next_attempt_at)) * 1000 FROM released;`);
  const [found, dueAtMs] = released.split("|").map(Number);
  if (found !== count || dueAtMs === undefined)
    throw new Error(`expected ${count} held deliveries, got ${found}`);
  return dueAtMs;
}

interface Waiting extends OdooAccess {
  until(what: string, deadlineMs: number, isSo: () => Promise<boolean>, everyMs?: number): Promise<void>;
}

/** Waits until Odoo has recorded the end of everything that is not held; returns when that was. */
export async function untilRecorded(odoo: Waiting, dueAtMs: number, deadlineMs: number): Promise<number> {
  const dueAt = `to_timestamp(${dueAtMs} / 1000.0) AT TIME ZONE 'UTC'`;
  const isRecorded = async () =>
    Date.now() > dueAtMs &&
    (await odoo.sql(`SELECT 'open' FROM integration_delivery /* ${ownMark} */
      WHERE state IN ('pending', 'queued', 'failed')
        AND coalesce(next_attempt_at, '-infinity') < now() AT TIME ZONE 'UTC' + interval '1 hour' LIMIT 1`)) ===
      "";
  await odoo.until("every delivery to be delivered", deadlineMs, isRecorded, lookEveryMs);
  return Number(
    await odoo.sql(`SELECT extract(epoch FROM max(state_changed_at)) * 1000 FROM integration_delivery
      WHERE state = 'delivered' AND state_changed_at >= ${dueAt}`),
  );
}

/**
 * Lets held deliveries go one after the other, `perSecond` of each endpoint, from `inMs` on. `waiting_since` keeps when
 * each was due. Returns how many there are.
 */
export async function releaseEvenly(
  odoo: OdooAccess,
  plan: { readonly perEndpoint: number; readonly perSecond: number; readonly inMs: number },
): Promise<number> {
  const released = await odoo.sql(`
    WITH held AS (
      SELECT id, row_number() OVER (PARTITION BY endpoint_id ORDER BY id) AS n,
             dense_rank() OVER (ORDER BY endpoint_id) AS place, count(*) OVER () AS total
        FROM integration_delivery
       WHERE state = 'pending' AND next_attempt_at > now() AT TIME ZONE 'UTC' + interval '1 hour'
    ), timed AS (
      -- The endpoints take turns within each step.
      SELECT id, now() AT TIME ZONE 'UTC' + interval '${plan.inMs} ms'
                 + interval '1 second' * ((n - 1 + (place % 20) / 20.0) / ${plan.perSecond}) AS due_at
        FROM held WHERE n <= ${plan.perEndpoint}
    ), released AS (
      UPDATE integration_delivery d SET next_attempt_at = timed.due_at, waiting_since = timed.due_at
        FROM timed WHERE d.id = timed.id
      RETURNING 1
    )
    SELECT count(*) FROM released;`);
  return Number(released);
}
