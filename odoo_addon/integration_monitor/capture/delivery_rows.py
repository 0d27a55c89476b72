"""The SQL that makes deliveries of completed events."""

import psycopg2

from odoo.tools import SQL

INSERT_DELIVERIES = """
        INSERT INTO integration_delivery (
               event_id, endpoint_id, subscription_id, event_type_id, business_domain, res_model, res_id,
               record_name, company_id, sequence, lane, state, last_error, failure_class,
               attempt_count, schedule_start, next_attempt_at, state_changed_at, waiting_since,
               create_uid, create_date, write_uid, write_date)
        SELECT v.*, 0, 0,
               CASE WHEN v.state = 'pending' THEN clock_timestamp() AT TIME ZONE 'UTC' END,
               clock_timestamp() AT TIME ZONE 'UTC', clock_timestamp() AT TIME ZONE 'UTC',
               1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
          FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::text[], %s::text[], %s::int[],
                      %s::text[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
               AS v(event_id, endpoint_id, subscription_id, event_type_id, business_domain, res_model, res_id,
                    record_name, company_id, sequence, lane, state, last_error, failure_class)
   ON CONFLICT (event_id, endpoint_id) DO NOTHING
"""


class RouteVanished(Exception):
    """An endpoint or subscription was deleted while our transaction ran."""


def insert_deliveries(cr, events, event_types):
    """Insert one delivery per route of each event, in one statement.

    :param dict event_types: event type id → record
    :raise RouteVanished: roll back to a savepoint and complete the events later
    """
    rows = [
        (
            event.id,
            route.endpoint_id,
            route.subscription_id,
            event.event_type_id,
            event_types[event.event_type_id].business_domain,
            event.res_model,
            event.res_id,
            event.record_name,
            event.company_id,
            event.sequence,
            route.lane,
            "failed" if route.error else "pending",
            route.error,
            route.failure_class,
        )
        for event in events
        for route in event.routes
    ]
    if not rows:
        return
    try:
        columns = (list(column) for column in zip(*rows, strict=True))
        cr.execute(SQL(INSERT_DELIVERIES, *columns), log_exceptions=False)
    except psycopg2.errors.SerializationFailure as conflict:
        # The check of a foreign key found a row deleted that our snapshot still has. Odoo
        # repeats transactions after such conflicts, but not when they come up in the commit.
        raise RouteVanished from conflict


SUPERSEDE = """
    WITH older AS (
        SELECT d.id
          FROM integration_delivery AS d
          JOIN unnest(%s::int[], %s::int[], %s::text[], %s::int[], %s::int[])
               AS v(endpoint_id, event_type_id, res_model, res_id, sequence)
            ON d.endpoint_id = v.endpoint_id AND d.event_type_id = v.event_type_id
           AND d.res_model = v.res_model AND d.res_id = v.res_id AND d.sequence < v.sequence
         WHERE d.state = 'pending'
           AND (d.lease_until IS NULL OR d.lease_until < clock_timestamp() AT TIME ZONE 'UTC')
           FOR UPDATE OF d SKIP LOCKED)
    UPDATE integration_delivery AS d
       SET state = 'superseded', state_changed_at = clock_timestamp() AT TIME ZONE 'UTC',
           next_attempt_at = NULL, state_changed_by = NULL, lease_worker = NULL, lease_until = NULL,
           state_reason = %s
      FROM older WHERE d.id = older.id
"""


def supersede_older(env, events):
    """Mark older waiting deliveries as superseded where the subscription wants only the latest.

    A delivery that a sidecar is taking at this moment is left alone: it is sent, which
    does no harm, whereas waiting for it or failing over it would harm who saves here.
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
    columns = (list(column) for column in zip(*latest, strict=True))
    reason = env._("A newer event of the same record replaced it.")
    try:
        with env.cr.savepoint(flush=False):
            env.cr.execute(SQL(SUPERSEDE, *columns, reason), log_exceptions=False)
    except psycopg2.errors.SerializationFailure:
        return False
    return True
