"""Which subscriptions get which events, decided for all records of a type at once."""

import logging
from dataclasses import dataclass

from odoo.exceptions import ValidationError

from .guarded_step import attempt_step

_logger = logging.getLogger(__name__)


@dataclass
class Route:
    """One delivery to be: where an event goes, or why it cannot."""

    subscription_id: int
    endpoint_id: int
    lane: str
    is_latest_only: bool
    error: str | None
    failure_class: str | None


def match_records(env, subscriptions, records, attempt=attempt_step):
    """Return {record id: {subscription id: None, or why the filter cannot be evaluated}}.

    :param subscriptions: iterable of SubscriptionPlan
    :param attempt: how a filter is run, see guarded_step.py
    """
    matches = {record_id: {} for record_id in records._ids}
    for subscription in subscriptions:
        matching, error = _filter_records(env, subscription, records, attempt)
        for record_id in matching:
            matches[record_id][subscription.id] = error
    return matches


def _filter_records(env, subscription, records, attempt):
    if subscription.filter is None:
        return records._ids, None
    matching, error = attempt(env, lambda: filter_records(records, subscription.filter))
    if error is None:
        return matching._ids, None
    _logger.warning(
        "subscription_filter.failed subscription=%s error=%s",
        subscription.id,
        type(error).__name__,
        exc_info=not isinstance(error, ValidationError),
    )
    return records._ids, env._(
        "The record filter of the subscription of “%(endpoint)s” cannot be evaluated, so it is not known "
        "whether it wants this event. Ask an integration administrator to correct the filter, then retry.",
        endpoint=subscription.endpoint_name,
    )


def filter_records(records, condition):
    """Return the records that meet a planned filter.

    :param condition: Domain, None for everything, or the exception of a filter that is none
    """
    if condition is None:
        return records
    if isinstance(condition, Exception):
        raise condition.with_traceback(None)
    return records.filtered_domain(condition)


def route_event(env, event, subscriptions):
    """Set the event's routes from its matches.

    :param dict subscriptions: subscription id → SubscriptionPlan, those that are active now
    """
    for subscription_id, match_error in event.matches.items():
        subscription = subscriptions.get(subscription_id)
        if subscription is None:
            continue
        if not _is_of_company(env, event, subscription):
            continue
        error, failure_class = _find_fault(env, event, subscription, match_error)
        event.routes.append(
            Route(
                subscription_id=subscription_id,
                endpoint_id=subscription.endpoint_id,
                lane=subscription.lane,
                is_latest_only=subscription.is_latest_only,
                error=error,
                failure_class=failure_class,
            )
        )


def _is_of_company(env, event, subscription):
    """Whether the endpoint's company has a part in the event: it is its own, or that of one of its branches.

    A record without a company (most contacts) belongs to all of them, as everywhere in Odoo.
    """
    if not event.company_id or not subscription.company_id or subscription.company_id == event.company_id:
        return True
    return subscription.company_id in env["res.company"].browse(event.company_id).parent_ids.ids


def _find_fault(env, event, subscription, match_error):
    if event.error:
        return event.error, event.failure_class or "configuration"
    if match_error:
        return match_error, "configuration"
    if not subscription.has_url:
        return env._(
            "The endpoint “%(endpoint)s” has no URL. Ask an integration administrator to enter it, "
            "then retry.",
            endpoint=subscription.endpoint_name,
        ), "configuration"
    return None, None
