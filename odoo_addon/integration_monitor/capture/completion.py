"""Completes captured events: content, order, deliveries. Each step takes all events of a type at once.

Nothing here may make the business operation fail: whatever goes wrong with fields,
filters or settings becomes an event with an error and deliveries in state failed.
"""

import logging

import psycopg2

from odoo.tools import SQL

from .delivery_rows import store_events, supersede_older
from .event_content import render_events
from .event_rows import delete_void, fetch_captured, fetch_own, lock_records
from .guarded_step import (
    OPEN_SAVEPOINT,
    RELEASE_SAVEPOINT,
    UNDO_SAVEPOINT,
    attempt_opened,
    attempt_step,
    run_step,
)
from .plan_age import RoutesChanged, refuse_outdated_plan
from .routing import filter_records, match_records, route_event

_logger = logging.getLogger(__name__)

# As many records as Odoo prefetches at once.
PAGE_EVENTS = 1000

ALL_ROWS = SQL("state = 'captured'")


def complete_own(env, model_names):
    """Complete what this transaction captured; return how many rows there were.

    :param env: superuser, no language; everything is flushed
    :param model_names: the models that the rows may be about
    """

    def fetch_page():
        try:
            return fetch_own(env, model_names, PAGE_EVENTS)
        except psycopg2.errors.UndefinedTable:
            # A model went in this transaction, as when a module is uninstalled.
            env.cr.execute(UNDO_SAVEPOINT)
            return fetch_own(env, (), PAGE_EVENTS)

    return _complete_pages(env, fetch_page)


def complete_all(env):
    """Complete every captured row there is; return how many there were."""
    if not lock_records(env.cr, ALL_ROWS):
        return 0

    def fetch_page():
        env.cr.execute(OPEN_SAVEPOINT)
        return fetch_captured(env.cr, ALL_ROWS, PAGE_EVENTS)

    return _complete_pages(env, fetch_page)


def _complete_pages(env, fetch_page):
    """Complete page after page; return how many events there were.

    :param fetch_page: returns the next events, and opens the savepoint that attempt_opened() goes back to
    """
    count = 0
    while events := fetch_page():
        fault = _complete_page(env, events, fetch_page)
        if fault is not None:
            # The rows are committed as captured, and the next claim completes them.
            if isinstance(fault, RoutesChanged):
                _logger.info("event_completion.postponed events=%s", len(events))
                env["integration.bus"]._hint_after_commit(wake=True, documents=set())
            else:
                _logger.error("event_completion.failed events=%s", len(events), exc_info=fault)
            break
        count += len(events)
        if len(events) < PAGE_EVENTS:
            break
        # The next page opens another, and hundreds inside each other would be slow.
        env.cr.execute(RELEASE_SAVEPOINT)
    return count


def _complete_page(env, events, fetch_page):
    """Complete the events; return None, or the exception after which nothing was done.

    First all at once, which is nearly always all. After a fault each step is protected by
    itself, so that one record or filter that is broken does not spoil the others.
    """
    _, fault = attempt_opened(env, lambda: _complete_events(env, events, run_step))
    if fault is None or isinstance(fault, RoutesChanged):
        return fault
    # Locks that were taken inside the savepoint went with it, so the rows are fetched anew.
    return attempt_opened(env, lambda: _complete_events(env, fetch_page(), attempt_step))[1]


def _complete_events(env, events, attempt):
    plan = env["integration.capture.revision"]._find_plan()
    refuse_outdated_plan(env, plan, events[0].latest_revision)
    by_type = {}
    for event in events:
        by_type.setdefault(event.event_type_id, []).append(event)
    void = set()
    for type_id, events_of_type in by_type.items():
        void.update(prepare_events(env, plan.event_types[type_id], events_of_type, attempt))
    if void:
        delete_void(env.cr, void)
        events = [event for event in events if event.id not in void]
    if not events:
        return
    for type_id in by_type:
        subscriptions = {line.id: line for line in plan.event_types[type_id].subscriptions}
        for event in events:
            if event.event_type_id == type_id:
                route_event(env, event, subscriptions)
    store_events(env.cr, events, plan.event_types)
    supersede_older(env, events)
    env["integration.event"].invalidate_model(flush=False)
    env["integration.delivery"].invalidate_model(flush=False)
    _send_hints(env, events)


def prepare_events(env, event_type, events, attempt=attempt_step):
    """Fill in content and matches of events of one type; return the ids of void ones.

    Void is a change of a record that did not survive its own transaction: there is
    nothing to show, and no receiver ever heard of it unless by a deletion event of
    its own. Void is also a deletion that somebody refused: the record is still there.
    And void is what is no longer true at the commit, such as an invoice that was posted
    and taken back at once: its content would contradict its name.

    :param event_type: EventTypePlan
    :param attempt: how steps that may fail are run, see guarded_step.py
    """
    existing_ids = _find_existing(env[event_type.model_name], events)
    void = {event.id for event in events if (event.matches is None) != (event.res_id in existing_ids)}
    fresh = {event.res_id: event for event in events if event.matches is None and event.id not in void}
    records = env[event_type.model_name].browse(fresh)
    untrue = find_untrue(env, event_type, fresh, records, attempt)
    void.update(fresh[record.id].id for record in untrue)
    records -= untrue
    if records:
        render_events(env, event_type, fresh, records, attempt)
        for res_id, matches in match_records(env, event_type.subscriptions, records, attempt).items():
            fresh[res_id].matches = matches
    return void


def _find_existing(model, events):
    if all(event.is_there is not None for event in events):
        return {event.res_id for event in events if event.is_there}
    return set(model.browse(event.res_id for event in events).exists()._ids)


def find_untrue(env, event_type, events, records, attempt):
    """Return the records that do not meet the event type's condition at the commit.

    Events whose condition could not be checked when the rule fired are kept: they wait for a person.
    """
    if event_type.filter is None:
        return records.browse()
    certain = records.filtered(lambda record: not events[record.id].error)
    true, error = attempt(env, lambda: filter_records(certain, event_type.filter))
    return certain.browse() if error else certain - true


def _send_hints(env, events):
    routed = [event for event in events if event.routes]
    if not routed:
        return
    env["integration.bus"]._hint_after_commit(
        wake=any(not route.error for event in routed for route in event.routes),
        documents={(event.res_model, event.res_id) for event in routed},
    )
