"""Completes captured events: content, order, deliveries. Each step takes all events of a type at once.

Nothing here may make the business operation fail: whatever goes wrong with fields,
filters or settings becomes an event with an error and deliveries in state failed.
"""

import logging

from odoo.tools import SQL

from .delivery_rows import RouteVanished, insert_deliveries, supersede_older
from .event_content import render_events
from .event_rows import delete_void, fetch_captured, lock_records, store_completed, take_sequence_numbers
from .guarded_step import attempt_step
from .record_filter import parse_domain
from .routing import load_subscriptions, match_records, route_event

_logger = logging.getLogger(__name__)

# As many records as Odoo prefetches at once.
PAGE_EVENTS = 1000

OWN_ROWS = SQL("state = 'captured' AND capture_transaction = pg_current_xact_id()::text")
ALL_ROWS = SQL("state = 'captured'")


def complete_events(env, condition):
    """Complete every captured row that meets the condition; return how many there were.

    :param env: superuser, no language; everything is flushed
    """
    if not lock_records(env.cr, condition):
        return 0
    count = 0
    while events := fetch_captured(env.cr, condition, PAGE_EVENTS):
        _, fault = attempt_step(env, lambda events=events: _complete_page(env, events))
        if fault is not None:
            # The rows are committed as captured, and the next claim completes them.
            if isinstance(fault, RouteVanished):
                _logger.info("event_completion.postponed events=%s", len(events))
            else:
                _logger.error("event_completion.failed events=%s", len(events), exc_info=fault)
            break
        count += len(events)
    return count


def _complete_page(env, events):
    by_type = {}
    for event in events:
        by_type.setdefault(event.event_type_id, []).append(event)
    event_types = {event_type.id: event_type for event_type in env["integration.event.type"].browse(by_type)}
    subscriptions = load_subscriptions(env, list(by_type))
    void = set()
    for type_id, events_of_type in by_type.items():
        matching = subscriptions.filtered(lambda line, type_id=type_id: line.event_type_id.id == type_id)
        void.update(prepare_events(env, event_types[type_id], events_of_type, matching))
    if void:
        delete_void(env.cr, void)
    events = [event for event in events if event.id not in void]
    if not events:
        return
    take_sequence_numbers(env.cr, events)
    by_id = {subscription.id: subscription for subscription in subscriptions}
    for event in events:
        route_event(event, by_id)
    store_completed(env.cr, events)
    insert_deliveries(env.cr, events, event_types)
    supersede_older(env, events)
    env["integration.event"].invalidate_model(flush=False)
    env["integration.delivery"].invalidate_model(flush=False)
    _send_hints(env, events)


def prepare_events(env, event_type, events, subscriptions):
    """Fill in content and matches of events of one type; return the ids of void ones.

    Void is a change of a record that did not survive its own transaction: there is
    nothing to show, and no receiver ever heard of it unless by a deletion event of
    its own. Void is also a deletion that somebody refused: the record is still there.
    And void is what is no longer true at the commit, such as an invoice that was posted
    and taken back at once: its content would contradict its name.
    """
    existing = env[event_type.model_name].browse(event.res_id for event in events).exists()
    existing_ids = set(existing._ids)
    void = {event.id for event in events if (event.matches is None) != (event.res_id in existing_ids)}
    fresh = {event.res_id: event for event in events if event.matches is None and event.id not in void}
    records = existing.browse(res_id for res_id in existing._ids if res_id in fresh)
    untrue = find_untrue(env, event_type, fresh, records)
    void.update(fresh[record.id].id for record in untrue)
    records -= untrue
    if records:
        render_events(env, event_type, fresh, records)
        for res_id, matches in match_records(env, subscriptions, records).items():
            fresh[res_id].matches = matches
    return void


def find_untrue(env, event_type, events, records):
    """Return the records that do not meet the event type's condition at the commit.

    Events whose condition could not be checked when the rule fired are kept: they wait for a person.
    """
    certain = records.filtered(lambda record: not events[record.id].error)
    true, error = attempt_step(
        env, lambda: certain.filtered_domain(parse_domain(event_type.filter_domain, certain))
    )
    return certain.browse() if error else certain - true


def _send_hints(env, events):
    routed = [event for event in events if event.routes]
    if not routed:
        return
    bus = env["integration.bus"]
    if any(not route.error for event in routed for route in event.routes):
        bus._wake_sidecar()
    bus._hint_documents({(event.res_model, event.res_id) for event in routed})
    bus._hint_monitor()
