"""New events with the current content of records, for one endpoint: what a replay with current content sends.

They are made like every other event, except that no rule fired and only one endpoint gets them.
"""

from dataclasses import dataclass, field, replace

from odoo.tools import SQL

from .completion import prepare_events
from .delivery_rows import store_events, supersede_older
from .event_rows import delete_void, fetch_captured, insert_captured, lock_records
from .routing import route_event


@dataclass
class CurrentEvents:
    """The new events of one type on their way."""

    plan: object  # EventTypePlan with the subscriptions of the endpoint
    correlation_by_record: dict
    events: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)  # record id → why there is none


def insert_current_events(env, endpoint, correlations, *, actor_id, lane):
    """Make one event per record with the content it has now, and its delivery to the endpoint.

    Everything is made ready first, then all records are locked at once: whoever saves one of them waits for
    these locks, and locks that are taken in several goes could meet those of a save crosswise.

    :param env: superuser, no language; everything is flushed
    :param dict correlations: event type → {record id → correlation id of the event that is replayed}
    :param int actor_id: the user who asked for the replay
    :param lane: lane of the deliveries; None: that of their subscription
    :return: event type → ``({record id: event id}, {record id: why not})``; a record in neither was deleted,
        no longer meets the condition of the event type, or is not wanted by the endpoint
    :raise SerializationFailure: one of the records changed since the transaction began; begin anew
    """
    prepared = {
        event_type: _prepare_current(env, endpoint, event_type, correlation_by_record, actor_id, lane)
        for event_type, correlation_by_record in correlations.items()
    }
    event_ids = [event.id for current in prepared.values() for event in current.events]
    if event_ids:
        lock_records(env.cr, SQL("id = ANY(%s)", event_ids))
        for current in prepared.values():
            if current.events:
                _store_current(env, current)
    env["integration.event"].invalidate_model(flush=False)
    env["integration.delivery"].invalidate_model(flush=False)
    return {
        event_type: ({event.res_id: event.id for event in current.events}, current.faults)
        for event_type, current in prepared.items()
    }


def _prepare_current(env, endpoint, event_type, correlation_by_record, actor_id, lane):
    row_ids = insert_captured(
        env.cr, event_type.id, event_type.model_name, sorted(correlation_by_record), actor_id, None
    )
    events = fetch_captured(env.cr, SQL("id = ANY(%s)", row_ids), len(row_ids))
    plan = env["integration.capture.revision"]._find_plan().event_types[event_type.id]
    wanted = tuple(line for line in plan.subscriptions if line.endpoint_id == endpoint.id)
    current = CurrentEvents(replace(plan, subscriptions=wanted), correlation_by_record)
    void = prepare_events(env, current.plan, events)
    by_id = {subscription.id: subscription for subscription in wanted}
    for event in events:
        if event.id in void:
            continue
        route_event(env, event, by_id)
        for route in event.routes:
            route.lane = lane or route.lane
        error = event.error or next((route.error for route in event.routes if route.error), None)
        if error:
            current.faults[event.res_id] = error
        if error or not event.routes:
            void.add(event.id)
    delete_void(env.cr, void)
    current.events = [event for event in events if event.id not in void]
    return current


def _store_current(env, current):
    refuse_stale(env, current.plan.model_name, [event.res_id for event in current.events])
    _store_correlations(env.cr, current.events, current.correlation_by_record)
    store_events(env.cr, current.events, {current.plan.id: current.plan})
    supersede_older(env, current.events)


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
