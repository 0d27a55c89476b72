"""New events with the current content of records, for one endpoint: what a replay with current content sends.

They are made like every other event, except that no rule fired and only one endpoint gets them.
"""

from dataclasses import replace

from odoo.tools import SQL

from .completion import prepare_events
from .delivery_rows import store_events, supersede_older
from .event_rows import delete_void, fetch_captured, insert_captured, lock_records
from .routing import route_event


def insert_current_events(env, endpoint, event_type, correlation_by_record, *, actor_id, lane):
    """Make one event per record with the content it has now, and its delivery to the endpoint.

    :param env: superuser, no language; everything is flushed
    :param dict correlation_by_record: record id → correlation id of the event that is replayed
    :param int actor_id: the user who asked for the replay
    :param str lane: lane of the deliveries
    :return: ``({record id: event id}, {record id: why not})``; a record in neither was deleted, no longer
        meets the condition of the event type, or is not wanted by the endpoint
    :raise SerializationFailure: one of the records changed since the transaction began; begin anew
    """
    model_name = event_type.model_name
    row_ids = insert_captured(
        env.cr, event_type.id, model_name, sorted(correlation_by_record), actor_id, None
    )
    is_ours = SQL("id = ANY(%s)", row_ids)
    events = fetch_captured(env.cr, is_ours, len(row_ids))
    plan = env["integration.capture.revision"]._find_plan().event_types[event_type.id]
    wanted = tuple(line for line in plan.subscriptions if line.endpoint_id == endpoint.id)
    plan = replace(plan, subscriptions=wanted)
    void = prepare_events(env, plan, events)
    by_id = {subscription.id: subscription for subscription in wanted}
    faults = {}
    for event in events:
        if event.id in void:
            continue
        route_event(env, event, by_id)
        for route in event.routes:
            route.lane = lane
        error = event.error or next((route.error for route in event.routes if route.error), None)
        if error:
            faults[event.res_id] = error
        if error or not event.routes:
            void.add(event.id)
    delete_void(env.cr, void)
    events = [event for event in events if event.id not in void]
    if events:
        # Late, because whoever saves one of these records waits for this lock.
        lock_records(env.cr, is_ours)
        refuse_stale(env, model_name, [event.res_id for event in events])
        _store_correlations(env.cr, events, correlation_by_record)
        store_events(env.cr, events, {event_type.id: plan})
        supersede_older(env, events)
    env["integration.event"].invalidate_model(flush=False)
    env["integration.delivery"].invalidate_model(flush=False)
    return {event.res_id: event.id for event in events}, faults


def refuse_stale(env, model_name, record_ids):
    """Make sure that the content is not older than an event that has its number already.

    Somebody may have saved the record after our transaction began: then PostgreSQL refuses this lock. Rows
    that somebody is saving at this moment are no concern: their event gets its number after ours.
    """
    env.cr.execute(
        SQL(
            "SELECT FROM %s WHERE id = ANY(%s) FOR SHARE SKIP LOCKED",
            SQL.identifier(env[model_name]._table),
            sorted(record_ids),
        ),
        log_exceptions=False,
    )


def _store_correlations(cr, events, correlation_by_record):
    cr.execute(
        SQL(
            """
        UPDATE integration_event AS e SET correlation_id = v.correlation_id
          FROM unnest(%s::int[], %s::text[]) AS v(id, correlation_id)
         WHERE e.id = v.id
        """,
            [event.id for event in events],
            [correlation_by_record[event.res_id] for event in events],
        )
    )
