/** Work for the sidecars, in bulk. */
import { loopback } from "../../stack/ports.ts";

/** What is needed of the world. */
export interface OdooAccess {
  sql(text: string): Promise<string>;
  call<T>(model: string, method: string, args: readonly unknown[], kwargs?: object): Promise<T>;
}

export interface PendingPlan {
  /** Deliveries, each of an event and a record of its own; the endpoints take turns. */
  readonly count: number;
  /** From `createEndpoints`. */
  readonly endpointIds: readonly number[];
  /** Size of each CloudEvent, about; at least 600. */
  readonly bodyBytes?: number;
  readonly lane?: "urgent" | "batch";
}

const eventType = "odoo.res.partner.changed.v1";
/** What the envelope and the fixed part of the payload take. */
const envelopeBytes = 560;
/** Ids of records that do not exist: a delivery needs only the number. */
const firstRecordId = 1_000_000;

/**
 * Active endpoints at these addresses, subscribed to changes of contacts. `values` are fields of integration.endpoint,
 * over those of the tier "standard".
 */
export async function createEndpoints(
  odoo: OdooAccess,
  urls: readonly string[],
  values: object,
): Promise<readonly number[]> {
  const [typeId] = await odoo.call<number[]>("integration.event.type", "search", [
    [["technical_name", "=", eventType]],
  ]);
  const ids = await odoo.call<number[]>("integration.endpoint", "create", [
    urls.map((url, index) => ({
      name: `Bench receiver ${index + 1}`,
      url,
      allowed_addresses: loopback,
      subscription_ids: [[0, 0, { event_type_id: typeId }]],
      ...values,
    })),
  ]);
  await odoo.call("integration.endpoint", "action_activate", [ids]);
  return ids;
}

/**
 * Makes one delivery as people do, by a change of a contact, and copies its rows: so they hold whatever the product puts
 * there. The original is taken away. No sidecar may run meanwhile: it would take the original.
 */
export async function fillPending(odoo: OdooAccess, plan: PendingPlan): Promise<void> {
  const { count, endpointIds, bodyBytes = 1_024, lane = "urgent" } = plan;
  const partner = await odoo.call<number>("res.partner", "create", [{ name: "Bench contact" }]);
  const original = await odoo.sql(
    `SELECT id FROM integration_event WHERE res_model = 'res.partner' AND res_id = ${partner} LIMIT 1`,
  );
  if (original === "") throw new Error(`expected a new contact to make an event of ${eventType}, got none`);
  const padding = Math.max(0, bodyBytes - envelopeBytes);
  const payload = `'{"id": ' || fresh.res_id || ', "name": "Bench contact", "comment": "${"x".repeat(padding)}"}'`;
  const event = await copyRow(odoo, "integration_event", {
    id: "fresh.event_row",
    event_id: "gen_random_uuid()::text",
    res_id: "fresh.res_id",
    sequence: "fresh.sequence",
    payload,
  });
  const delivery = await copyRow(odoo, "integration_delivery", {
    id: "nextval(pg_get_serial_sequence('integration_delivery', 'id'))",
    event_id: "fresh.event_row",
    endpoint_id: "fresh.endpoint_id",
    subscription_id: `(SELECT id FROM integration_subscription
                        WHERE endpoint_id = fresh.endpoint_id AND event_type_id = original.event_type_id)`,
    res_id: "fresh.res_id",
    sequence: "fresh.sequence",
    lane: `'${lane}'`,
  });
  await odoo.sql(`
    WITH fresh AS MATERIALIZED (
      SELECT ${firstRecordId} + nextval('integration_event_sequence') AS res_id,
             currval('integration_event_sequence') AS sequence,
             nextval(pg_get_serial_sequence('integration_event', 'id')) AS event_row,
             (ARRAY[${endpointIds.join(", ")}])[1 + (n - 1) % ${endpointIds.length}] AS endpoint_id
        FROM generate_series(1, ${count}) AS n
    ), event AS (
      INSERT INTO integration_event (${event.columns})
      SELECT ${event.values} FROM fresh, integration_event AS original WHERE original.id = ${original}
    )
    INSERT INTO integration_delivery (${delivery.columns})
    SELECT ${delivery.values}
      FROM fresh,
           (SELECT * FROM integration_delivery WHERE event_id = ${original} ORDER BY id LIMIT 1) AS original;
    DELETE FROM integration_delivery WHERE event_id = ${original};
    DELETE FROM integration_event WHERE id = ${original};
    ANALYZE integration_event, integration_delivery;
  `);
}

/** Every stored column of the table: taken from the row `original`, but for those that `changed` gives. */
async function copyRow(odoo: OdooAccess, table: string, changed: Readonly<Record<string, string>>) {
  const text = await odoo.sql(`SELECT attname FROM pg_attribute
    WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`);
  const names = text.split("\n");
  return {
    columns: names.map((name) => `"${name}"`).join(", "),
    values: names.map((name) => changed[name] ?? `original."${name}"`).join(", "),
  };
}
