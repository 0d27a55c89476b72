"""Which subscriptions get which events, decided for all records of a type at once."""

import logging
from dataclasses import dataclass

from odoo.exceptions import ValidationError

from .guarded_step import attempt_step
from .record_filter import parse_domain

_logger = logging.getLogger(__name__)

# Paused and stopped endpoints collect deliveries that wait; drafts get none.
ROUTED_STATES = ("active", "paused", "stopped")


@dataclass
class Route:
    """One delivery to be: where an event goes, or why it cannot."""

    subscription_id: int
    endpoint_id: int
    lane: str
    is_latest_only: bool
    error: str | None
    failure_class: str | None


def load_subscriptions(env, event_type_ids):
    """Return the active subscriptions of live endpoints, a recordset as superuser."""
    return env["integration.subscription"].search(
        [
            ("event_type_id", "in", event_type_ids),
            ("endpoint_id.active", "=", True),
            ("endpoint_id.state", "in", ROUTED_STATES),
        ]
    )


def match_records(env, subscriptions, records):
    """Return {record id: {subscription id: None, or why the filter cannot be evaluated}}."""
    matches = {record_id: {} for record_id in records._ids}
    for subscription in subscriptions:
        matching, error = _filter_records(env, subscription, records)
        for record_id in matching:
            matches[record_id][subscription.id] = error
    return matches


def _filter_records(env, subscription, records):
    if not subscription.filter_domain:
        return records._ids, None
    subscription_id, name = subscription.id, subscription.endpoint_id.name
    matching, error = attempt_step(
        env, lambda: records.filtered_domain(parse_domain(subscription.filter_domain, records))
    )
    if error is None:
        return matching._ids, None
    _logger.warning(
        "subscription_filter.failed subscription=%s error=%s",
        subscription_id,
        type(error).__name__,
        exc_info=not isinstance(error, ValidationError),
    )
    return records._ids, env._(
        "The record filter of the subscription of “%(endpoint)s” cannot be evaluated, so it is not known "
        "whether it wants this event. Ask an integration administrator to correct the filter, then retry.",
        endpoint=name,
    )


def route_event(event, subscriptions):
    """Set the event's routes from its matches.

    :param dict subscriptions: subscription id → record, those that are active now
    """
    for subscription_id, match_error in event.matches.items():
        subscription = subscriptions.get(subscription_id)
        if subscription is None:
            continue
        endpoint = subscription.endpoint_id
        if not _is_of_company(event, endpoint):
            continue
        error, failure_class = _find_fault(event, endpoint, match_error)
        event.routes.append(
            Route(
                subscription_id=subscription_id,
                endpoint_id=endpoint.id,
                lane=subscription.latency_class,
                is_latest_only=subscription.ordering == "latest_only",
                error=error,
                failure_class=failure_class,
            )
        )


def _is_of_company(event, endpoint):
    """Whether the endpoint's company has a part in the event: it is its own, or that of one of its branches.

    A record without a company (most contacts) belongs to all of them, as everywhere in Odoo.
    """
    if not event.company_id or not endpoint.company_id or endpoint.company_id.id == event.company_id:
        return True
    return endpoint.company_id in endpoint.company_id.browse(event.company_id).parent_ids


def _find_fault(event, endpoint, match_error):
    if event.error:
        return event.error, event.failure_class or "configuration"
    if match_error:
        return match_error, "configuration"
    if not endpoint.url:
        return endpoint.env._(
            "The endpoint “%(endpoint)s” has no URL. Ask an integration administrator to enter it, "
            "then retry.",
            endpoint=endpoint.name,
        ), "configuration"
    return None, None
