import type { BusinessCall } from "../business/call_book.ts";
import type { Endpoints } from "../business/endpoints.ts";
import type { EndLine, RequestLine } from "../receiver/request_line.ts";
import { readLogLines } from "../receiver/request_log.ts";
import type { ChaosWorld, KillRecord } from "../world/chaos_world.ts";

/** A change that was committed, as the tables noted it. `order` ascends in commit order for each record. */
export interface Change {
  readonly order: number;
  readonly event_type: string;
  readonly subject: string;
  readonly reference: string;
}

export interface OdooEvent {
  readonly id: number;
  readonly event_id: string;
  readonly event_type: string;
  readonly subject: string;
  readonly reference: string;
  readonly sequence: number;
  readonly state: string;
}

export interface Delivery {
  readonly id: number;
  readonly event_id: string;
  readonly endpoint_id: number;
  readonly state: string;
  readonly attempt_count: number;
}

/** `started_at` in ms since 1970. */
export interface Attempt {
  readonly delivery_id: number;
  readonly attempt_number: number;
  readonly started_at: number;
  readonly duration_ms: number;
  readonly outcome: string;
  readonly status_code: number;
  readonly failure_class: string | null;
  readonly error: string | null;
  readonly worker: string;
}

export interface Transition {
  readonly delivery_id: number;
  readonly from_state: string;
  readonly to_state: string;
  readonly at: number;
}

/** One request at the receiver with how it ended. `index` is its place in the log. */
export interface Request extends RequestLine {
  readonly index: number;
  readonly end: EndLine | undefined;
}

/** Everything the audit compares; gathered once, after the run. */
export interface Facts {
  readonly calls: readonly BusinessCall[];
  readonly kills: readonly KillRecord[];
  readonly endpoints: Endpoints;
  readonly changes: readonly Change[];
  readonly events: readonly OdooEvent[];
  readonly deliveries: readonly Delivery[];
  readonly attempts: readonly Attempt[];
  readonly transitions: readonly Transition[];
  readonly requests: readonly Request[];
}

export async function gatherFacts(
  world: ChaosWorld,
  given: Pick<Facts, "calls" | "kills" | "endpoints"> & { readonly lastEventBefore: number },
  signal: AbortSignal,
): Promise<Facts> {
  const rows = async <T>(query: string): Promise<T[]> => {
    const text = await world.stack.sql(
      world.database,
      `SELECT COALESCE(json_agg(row), '[]') FROM (${query}) AS row`,
      signal,
    );
    return JSON.parse(text) as T[];
  };
  const endpointIds = Object.values(given.endpoints).join(", ");
  const ofRun = `delivery_id IN (SELECT id FROM integration_delivery WHERE endpoint_id IN (${endpointIds}))`;
  return {
    calls: given.calls,
    kills: given.kills,
    endpoints: given.endpoints,
    changes: await rows<Change>(changesQuery),
    events: await rows<OdooEvent>(eventsQuery(given.lastEventBefore)),
    deliveries: await rows<Delivery>(
      `SELECT d.id, e.event_id, d.endpoint_id, d.state, d.attempt_count
         FROM integration_delivery d JOIN integration_event e ON e.id = d.event_id
        WHERE d.endpoint_id IN (${endpointIds}) ORDER BY d.id`,
    ),
    attempts: await rows<Attempt>(
      `SELECT delivery_id, attempt_number, ${epochMs("started_at")} AS started_at, duration_ms, outcome,
              status_code, failure_class, error, worker
         FROM integration_delivery_attempt WHERE ${ofRun} ORDER BY delivery_id, attempt_number`,
    ),
    transitions: await rows<Transition>(
      `SELECT delivery_id, from_state, to_state, ${epochMs("at")} AS at
         FROM integration_delivery_transition WHERE ${ofRun} ORDER BY id`,
    ),
    requests: readRequests(world.requestLog),
  };
}

const changesQuery = `
  SELECT max(id) AS "order", event_type, res_model || '/' || res_id AS subject,
         (array_agg(reference ORDER BY id DESC))[1] AS reference
    FROM chaos_change
GROUP BY transaction_id, event_type, res_model, res_id
  HAVING (array_agg(is_told ORDER BY id DESC))[1]
ORDER BY max(id)`;

function eventsQuery(lastEventBefore: number): string {
  return `
  SELECT e.id, e.event_id, t.technical_name AS event_type, e.res_model || '/' || e.res_id AS subject,
         COALESCE(NULLIF(e.payload, '')::json->>'client_order_ref', NULLIF(e.payload, '')::json->>'partner_ref',
                  NULLIF(e.payload, '')::json->>'ref', '') AS reference,
         e.sequence, e.state
    FROM integration_event e JOIN integration_event_type t ON t.id = e.event_type_id
   WHERE e.id > ${lastEventBefore}
ORDER BY e.sequence`;
}

function epochMs(column: string): string {
  return `round(extract(epoch FROM ${column} AT TIME ZONE 'UTC') * 1000)::bigint`;
}

function readRequests(file: string): Request[] {
  const lines = readLogLines(file);
  const ends = new Map<string, EndLine>();
  for (const line of lines) if (line.kind === "end") ends.set(line.request, line);
  return lines
    .filter((line) => line.kind === "request")
    .map((line, index) => ({ ...line, index, end: ends.get(line.request) }));
}
