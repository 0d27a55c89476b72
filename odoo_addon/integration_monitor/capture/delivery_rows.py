"""The SQL that makes captured events recorded, with their numbers and deliveries."""

import psycopg2

from odoo.tools import SQL

from ..models.delivery_state_machine import ODOO_TRANSITIONS
from .plan_age import RoutesChanged

# Numbers are taken in the order of capture, which is the order of the arrays. A recorded row lets
# go of the transaction id: a restored database counts transactions from anew, and a kept id could
# collide there. "Created by" stays empty: nobody reads it, and PostgreSQL would look the user up
# for each row. The last column answers whether older deliveries of the record are in the batch lane, of
# whatever endpoint: asking more precisely takes longer to plan than it saves. What the statement
# inserts itself it does not see.
# A function of PostgreSQL, because each session plans its statement once: planning took a quarter of its
# time. What it does may change; other types of parameters or results need another name.
STORE_EVENTS_FUNCTION = """
    CREATE OR REPLACE FUNCTION integration_store_events(
        event_ids int[], payloads text[], record_names text[], company_ids int[], errors text[],
        partner_ids int[], amounts numeric[], currency_ids int[],
        routed_ids int[], endpoint_ids int[], subscription_ids int[], business_domains text[], lanes text[],
        route_errors text[], failure_classes text[])
    RETURNS TABLE (stored_id int, stored_sequence int, has_batch bool)
    LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
    BEGIN
        RETURN QUERY
    WITH content AS MATERIALIZED (
         SELECT c.*, nextval('integration_event_sequence')::int AS sequence
           FROM (SELECT * FROM unnest(event_ids, payloads, record_names, company_ids, errors,
                                      partner_ids, amounts, currency_ids)
                          WITH ORDINALITY AS c(id, payload, record_name, company_id, error,
                                               partner_id, amount, currency_id, position)
                  ORDER BY position) AS c),
         stored AS (
         UPDATE integration_event AS e
            SET payload = c.payload, record_name = c.record_name, company_id = c.company_id,
                error = c.error, sequence = c.sequence, capture_transaction = NULL, capture_matches = NULL,
                state = CASE WHEN c.error IS NULL THEN 'recorded' ELSE 'error' END,
                recorded_at = clock_timestamp() AT TIME ZONE 'UTC'
           FROM content AS c WHERE e.id = c.id
      RETURNING e.id, e.event_type_id, e.res_model, e.res_id, e.record_name, e.company_id, e.sequence,
                c.partner_id, c.amount, c.currency_id),
         delivered AS (
         INSERT INTO integration_delivery (
                event_id, event_type_id, res_model, res_id, record_name, company_id, sequence,
                partner_id, amount, currency_id,
                endpoint_id, subscription_id, business_domain, lane, state, last_error, failure_class,
                attempt_count, schedule_start, next_attempt_at, state_changed_at, waiting_since,
                create_date, write_date)
         SELECT stored.*, r.endpoint_id, r.subscription_id, r.business_domain, r.lane,
                CASE WHEN r.error IS NULL THEN 'pending' ELSE 'failed' END, r.error, r.failure_class, 0, 0,
                CASE WHEN r.error IS NULL THEN clock_timestamp() AT TIME ZONE 'UTC' END,
                clock_timestamp() AT TIME ZONE 'UTC', clock_timestamp() AT TIME ZONE 'UTC',
                now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
           FROM stored
           JOIN unnest(routed_ids, endpoint_ids, subscription_ids, business_domains, lanes, route_errors,
                       failure_classes)
                AS r(event_id, endpoint_id, subscription_id, business_domain, lane, error, failure_class)
             ON r.event_id = stored.id
    ON CONFLICT (event_id, endpoint_id) DO NOTHING)
  SELECT id, sequence, EXISTS (
         SELECT FROM integration_delivery AS d
          WHERE d.res_model = stored.res_model AND d.res_id = stored.res_id
            AND d.state = 'pending' AND d.lane = 'batch')
    FROM stored;
    END $$
"""

STORE_EVENTS = """
    SELECT * FROM integration_store_events(
        %s::int[], %s::text[], %s::text[], %s::int[], %s::text[], %s::int[], %s::numeric[], %s::int[],
        %s::int[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
"""

LIFT = """
    WITH slow AS (
        SELECT d.id
          FROM integration_delivery AS d
          JOIN unnest(%s::int[], %s::text[], %s::int[], %s::int[])
               AS v(endpoint_id, res_model, res_id, sequence)
            ON d.endpoint_id = v.endpoint_id AND d.res_model = v.res_model
           AND d.res_id = v.res_id AND d.sequence < v.sequence
         WHERE d.state = 'pending' AND d.lane = 'batch'
           FOR UPDATE OF d SKIP LOCKED)
    UPDATE integration_delivery AS d SET lane = 'urgent' FROM slow WHERE d.id = slow.id
"""


def store_events(cr, events, event_types):
    """Make the events recorded, or erroneous, with a number and one delivery per route, in one statement.

    :param dict event_types: event type id → EventTypePlan
    :raise RoutesChanged: roll back to a savepoint and complete the events later
    """
    content = [
        (row.id, row.payload, row.record_name, row.company_id, row.error, *row.stakes) for row in events
    ]
    routes = [
        (
            event.id,
            route.endpoint_id,
            route.subscription_id,
            event_types[event.event_type_id].business_domain,
            route.lane,
            route.error,
            route.failure_class,
        )
        for event in events
        for route in event.routes
    ]
    columns = [*_transpose(content, 8), *_transpose(routes, 7)]
    try:
        cr.execute(SQL(STORE_EVENTS, *columns), log_exceptions=False)
    except psycopg2.errors.SerializationFailure as conflict:
        # The check of a foreign key found a row deleted that our snapshot still has. Odoo
        # repeats transactions after such conflicts, but not when they come up in the commit.
        raise RoutesChanged from conflict
    rows = cr.fetchall()
    numbers = {event_id: sequence for event_id, sequence, _ in rows}
    for event in events:
        event.sequence = numbers[event.id]
    if any(has_batch for _, _, has_batch in rows):
        _lift_predecessors(cr, events)


def _lift_predecessors(cr, events):
    """Make urgent what urgent deliveries of the same record have to wait for.

    A replay or a bulk retry leaves such deliveries in the batch lane. One that a sidecar takes at this moment
    is left alone. All in one statement; only after a conflict one record at a time.
    """
    urgent = [
        (route.endpoint_id, event.res_model, event.res_id, event.sequence)
        for event in events
        for route in event.routes
        if route.lane == "urgent"
    ]
    if urgent and not _change_waiting(cr, LIFT, urgent):
        for entry in urgent:
            _change_waiting(cr, LIFT, [entry])


def _transpose(rows, width):
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


SUPERSEDE = """
    WITH older AS (
        SELECT d.id, d.state
          FROM integration_delivery AS d
          JOIN unnest(%s::int[], %s::int[], %s::text[], %s::int[], %s::int[])
               AS v(endpoint_id, event_type_id, res_model, res_id, sequence)
            ON d.endpoint_id = v.endpoint_id AND d.event_type_id = v.event_type_id
           AND d.res_model = v.res_model AND d.res_id = v.res_id AND d.sequence < v.sequence
         WHERE d.state = ANY(%s) AND d.is_test IS NOT TRUE
           AND (d.lease_until IS NULL OR d.lease_until < clock_timestamp() AT TIME ZONE 'UTC')
           FOR UPDATE OF d SKIP LOCKED)
    UPDATE integration_delivery AS d
       SET state = CASE WHEN d.first_delivered_at IS NULL THEN 'superseded' ELSE 'delivered' END,
           delivered_at = d.first_delivered_at,
           last_error = CASE WHEN d.first_delivered_at IS NULL THEN d.last_error END,
           failure_class = CASE WHEN d.first_delivered_at IS NULL THEN d.failure_class END,
           state_changed_at = clock_timestamp() AT TIME ZONE 'UTC',
           next_attempt_at = NULL, state_changed_by = NULL, lease_worker = NULL, lease_until = NULL,
           state_reason = %s
      FROM older WHERE d.id = older.id
 RETURNING d.id, older.state
"""


def supersede_older(env, events):
    """Mark older waiting and failed deliveries as superseded where the subscription wants only the latest.

    A failed one would otherwise hold the newer one back, although nobody needs it any more. A delivery that a
    sidecar is taking at this moment is left alone: it is sent, which does no harm, whereas waiting for it or
    failing over it would harm who saves here. If that attempt fails, the report supersedes it.
    All in one statement; only after a conflict one record at a time.
    """
    latest = [
        (route.endpoint_id, event.event_type_id, event.res_model, event.res_id, event.sequence)
        for event in events
        for route in event.routes
        if route.is_latest_only
    ]
    if not latest or _supersede(env, latest):
        return
    for entry in latest:
        _supersede(env, [entry])


def _supersede(env, latest):
    """Return whether it was done; False: a concurrent change was in the way."""
    reason = env._("A newer event of the same record replaced it.")
    try:
        with env.cr.savepoint(flush=False):
            allowed_from = list(ODOO_TRANSITIONS["superseded"])
            env.cr.execute(SQL(SUPERSEDE, *_transpose(latest, 5), allowed_from, reason), log_exceptions=False)
            failed_ids = [row[0] for row in env.cr.fetchall() if row[1] == "failed"]
            if failed_ids:
                deliveries = env["integration.delivery"].browse(failed_ids)
                deliveries.invalidate_recordset()
                deliveries._complete_activities(reason)
    except psycopg2.errors.SerializationFailure:
        return False
    return True


def _change_waiting(cr, statement, entries, *arguments):
    """Return whether it was done; False: a concurrent change was in the way."""
    columns = (list(column) for column in zip(*entries, strict=True))
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL(statement, *columns, *arguments), log_exceptions=False)
    except psycopg2.errors.SerializationFailure:
        return False
    return True
