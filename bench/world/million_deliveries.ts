/** A quarter of a year of deliveries, as a monitor finds them after a while; made by SQL, not by saving documents. */
import { runStep } from "../../stack/progress.ts";
import type { BenchWorld } from "./bench_world.ts";
import { createEndpoints, type OdooAccess } from "./pending_deliveries.ts";

export const totalCount = 1_000_000;
export const failedCount = 5_000;
export const pendingCount = 10_000;
export const endpointCount = 20;
/** Less than the retention, or the first purge would take some. */
const days = 89;
/** Documents get several deliveries each. */
const documentCount = 300_000;
const countDeadlineMs = 300_000;
/** Deliveries per statement: each is committed, so that no single one runs for minutes. */
const sliceSize = 250_000;

/** Weight out of ten, by the kind of document. */
const catalogue = [
  { model: "account.move", domain: "finance", weight: 4 },
  { model: "purchase.order", domain: "procurement", weight: 2 },
  { model: "stock.picking", domain: "inventory", weight: 2 },
  { model: "sale.order", domain: "sales", weight: 1 },
  { model: "res.partner", domain: "master_data", weight: 1 },
] as const;

/** A database that holds the million; the measures that look at it share one. */
export async function needMillion(world: BenchWorld): Promise<void> {
  await world.needOdoo();
  const found = await world.sql(
    `SELECT count(*) FROM (SELECT FROM integration_delivery LIMIT ${totalCount}) AS d`,
  );
  if (Number(found) === totalCount) return;
  await world.needFreshOdoo();
  await runStep("1,000,000 deliveries", async () => {
    await fillMillion(world);
    const jobs = await world.call<number[]>("ir.cron", "search", [[["code", "=", "model._cron_count()"]]]);
    await world.until("all attempts to be counted by hour", countDeadlineMs, async () => {
      await world.call("ir.cron", "method_direct_trigger", [jobs]);
      const left =
        "SELECT max(id) - (SELECT counted_to FROM integration_delivery_hour_mark) FROM integration_delivery_attempt";
      return (await world.sql(left)) === "0";
    });
    await world.sql("VACUUM (ANALYZE) integration_delivery_hour");
  });
}

/**
 * 1,000,000 deliveries with events and attempts, evenly over 89 days, to 20 endpoints of two companies: all delivered but
 * for 5,000 that failed and the 10,000 latest, which wait, a third of them after a try.
 */
export async function fillMillion(odoo: OdooAccess): Promise<void> {
  const other = await odoo.call<number>("res.company", "create", [{ name: "Bench clinic" }]);
  const admin = await odoo.sql("SELECT id FROM res_users WHERE login = 'admin'");
  await odoo.call("res.users", "write", [[Number(admin)], { company_ids: [[4, other]] }]);
  const main = Number(await odoo.sql("SELECT min(id) FROM res_company"));
  const urls = Array.from({ length: endpointCount }, (_, index) => `http://127.0.0.1:9/million_${index}`);
  const ids = await createEndpoints(odoo, urls, {});
  // One of three belongs to the other company alone.
  await odoo.sql(`UPDATE integration_endpoint SET company_id = CASE WHEN id % 3 = 0 THEN ${other} ELSE ${main} END
    WHERE id = ANY(ARRAY[${ids.join(", ")}])`);
  for (let first = 1; first <= totalCount; first += sliceSize) {
    await odoo.sql(fillSlice(ids, [main, other], first, first + sliceSize - 1));
  }
  await odoo.sql("VACUUM (ANALYZE) integration_event, integration_delivery, integration_delivery_attempt");
}

function fillSlice(
  endpointIds: readonly number[],
  [main, other]: readonly [number, number],
  first: number,
  last: number,
): string {
  const models = catalogue.flatMap(({ model, weight }) => Array<string>(weight).fill(`'${model}'`));
  const domains = catalogue.flatMap(({ domain, weight }) => Array<string>(weight).fill(`'${domain}'`));
  const isPending = `n > ${totalCount - pendingCount}`;
  const isFailed = `NOT ${isPending} AND n % ${Math.floor((totalCount - pendingCount) / failedCount)} = 0`;
  return `
    BEGIN;
    -- Foreign keys are right by construction; asking for each row would take minutes.
    SET LOCAL session_replication_role = replica;
    CREATE TEMP TABLE fresh ON COMMIT DROP AS
      SELECT n, nextval(pg_get_serial_sequence('integration_event', 'id')) AS event_row,
             nextval(pg_get_serial_sequence('integration_delivery', 'id')) AS delivery_row,
             nextval('integration_event_sequence') AS sequence,
             (ARRAY[${endpointIds.join(", ")}])[1 + n % ${endpointIds.length}] AS endpoint_id,
             (ARRAY[${models.join(", ")}])[1 + (n / 7) % ${models.length}] AS res_model,
             (ARRAY[${domains.join(", ")}])[1 + (n / 7) % ${domains.length}] AS business_domain,
             1000000 + (n::bigint * 7919) % ${documentCount} AS res_id,
             now() AT TIME ZONE 'UTC' - interval '${days} days' * (1 - n / ${totalCount}.0) AS at,
             CASE WHEN ${isPending} THEN 'pending' WHEN ${isFailed} THEN 'failed' ELSE 'delivered' END AS state,
             CASE WHEN ${isPending} THEN CASE WHEN n % 3 = 0 THEN 1 ELSE 0 END ELSE 1 + (n % 20 = 0)::int END AS tries
        FROM generate_series(${first}, ${last}) AS n;
    ALTER TABLE fresh ADD COLUMN company_id int, ADD COLUMN event_type_id int;
    UPDATE fresh SET event_type_id = t.id FROM (
      SELECT min(id) AS id, model_name FROM integration_event_type GROUP BY model_name) AS t
     WHERE t.model_name = fresh.res_model;
    UPDATE fresh SET company_id = CASE WHEN fresh.endpoint_id % 3 = 0 THEN ${other} ELSE ${main} END
     WHERE res_model <> 'res.partner';
    INSERT INTO integration_event (id, event_id, event_type_id, res_model, res_id, record_name, company_id, payload,
           occurred_at, recorded_at, sequence, state, create_date)
    SELECT event_row, gen_random_uuid()::text, event_type_id, res_model, res_id, 'Document ' || res_id, company_id,
           '{"id": ' || res_id || '}', at, at, sequence, 'recorded', at
      FROM fresh;
    INSERT INTO integration_delivery (id, event_id, event_type_id, endpoint_id, business_domain, res_model, res_id,
           record_name, company_id, sequence, lane, state, attempt_count, schedule_start, next_attempt_at, waiting_since,
           delivered_at, last_attempt_at, last_status_code, last_error, failure_class, state_changed_at, create_date,
           amount, currency_id)
    SELECT delivery_row, event_row, event_type_id, endpoint_id, business_domain, res_model, res_id,
           'Document ' || res_id, company_id, sequence, CASE WHEN n % 5 = 0 THEN 'batch' ELSE 'urgent' END, state,
           tries, 0, CASE WHEN state = 'pending' THEN at + interval '2 days' END, at,
           CASE WHEN state = 'delivered' THEN at + interval '1 second' * (tries * tries) END,
           CASE WHEN tries > 0 THEN at + interval '1 second' * (tries * tries) END,
           CASE state WHEN 'delivered' THEN 200 WHEN 'failed' THEN 422 ELSE 503 END,
           CASE WHEN state <> 'delivered' THEN 'The endpoint answered: unknown patient ' || n END,
           CASE WHEN state = 'failed' THEN (ARRAY['contract', 'timeout', 'auth', 'configuration'])[1 + n % 4]
                WHEN state = 'pending' AND tries > 0 THEN 'server_error' END,
           at + interval '4 seconds', at, CASE WHEN business_domain <> 'inventory' THEN 100 + n % 900 END,
           CASE WHEN business_domain <> 'inventory' THEN (SELECT currency_id FROM res_company WHERE id = ${main}) END
      FROM fresh;
    INSERT INTO integration_delivery_attempt (delivery_id, attempt_number, started_at, duration_ms, outcome, status_code,
           failure_class, worker)
    SELECT delivery_row, number, at + interval '1 second' * (number * number), 20 + n % 400,
           CASE WHEN number < tries OR state = 'pending' THEN 'retry' ELSE state END,
           CASE WHEN number < tries OR state = 'pending' THEN 503 WHEN state = 'failed' THEN 422 ELSE 200 END,
           CASE WHEN number < tries OR state = 'pending' THEN 'server_error' WHEN state = 'failed' THEN 'contract' END,
           'bench'
      FROM fresh, generate_series(1, tries) AS number
  ORDER BY at;
    COMMIT;`;
}
