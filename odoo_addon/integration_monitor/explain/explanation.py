"""Joins the rules of a case with one sentence that answers the question."""

from odoo.tools import format_datetime

from .capture_rules import explain_capture
from .routing_rules import explain_routing
from .rule import UNMET, Explanation
from .sending_rules import explain_sending

# In this order the rules before the routing are reasons: a condition explains more than "did not happen".
CAPTURE_REASONS = ("catalogue", "automation", "after", "trigger")
CLOSED_STATES = ("cancelled", "superseded", "expired")


def explain_case(case):
    """Return the Explanation of one Case."""
    env = case.env
    groups = (
        (env._("Did it happen?"), explain_capture(case)),
        (env._("Is it for this system?"), explain_routing(case)),
        (env._("Was it sent?"), explain_sending(case)),
    )
    outcome, headline = _answer(case, *(rules for _title, rules in groups))
    return Explanation(
        endpoint_name=case.endpoint.name,
        event_name=case.event_type.name,
        outcome=outcome,
        headline=headline,
        groups=tuple(group for group in groups if group[1]),
    )


def _answer(case, capture, routing, sending):
    env = case.env
    if case.delivery:
        return _answer_of_delivery(case, sending)
    if case.event:
        reason = _find_reason(routing, [rule.key for rule in routing])
        if reason:
            return "none", env._("Not sent. %(reason)s", reason=_phrase(env, reason))
        if case.event.state == "captured":
            return "waiting", env._("It is being recorded at this moment.")
        if case.event.recorded_at and case.event.recorded_at < case.kept_since:
            return "none", env._("What was settled so long ago has been deleted.")
        return "none", env._(
            "Not sent, although everything matches today: something was different when it happened. "
            "The settings were changed last on %(time)s.",
            time=format_datetime(env, _last_change(case)),
        )
    reason = _find_reason(capture, CAPTURE_REASONS)
    if reason:
        return "none", env._("Not sent. %(reason)s", reason=_phrase(env, reason))
    [trigger] = [rule for rule in capture if rule.key == "trigger"]
    return "none", env._("Not sent. %(reason)s", reason=trigger.found)


def _answer_of_delivery(case, sending):
    env, delivery = case.env, case.delivery
    if delivery.state in ("delivered", "acknowledged"):
        return "delivered", env._(
            "Sent. The system took it on %(time)s.", time=format_datetime(env, delivery.delivered_at)
        )
    if delivery.state == "failed":
        return "failed", env._(
            "Not accepted, and a person is needed: %(error)s",
            error=delivery.last_error or env._("No details"),
        )
    if delivery.state in CLOSED_STATES:
        label = delivery._state_label(delivery.state)
        who = delivery.state_changed_by.name
        reason = delivery.state_reason or ""
        if who:
            return "closed", env._(
                "Not sent. %(state)s by %(user)s: %(reason)s", state=label, user=who, reason=reason
            )
        return "closed", env._("Not sent. %(state)s: %(reason)s", state=label, reason=reason)
    waiting = [rule.key for rule in sending if rule.key not in ("attempt", "step", "outcome")]
    reason = _find_reason(sending, waiting)
    if reason:
        return "waiting", env._("On its way. %(reason)s", reason=reason.found)
    return "waiting", env._("On its way. Nothing is in the way; it is sent within seconds.")


def _find_reason(rules, keys):
    """The first rule, in the order of the keys, that is not met."""
    by_key = {rule.key: rule for rule in rules}
    return next((by_key[key] for key in keys if key in by_key and by_key[key].verdict == UNMET), None)


def _phrase(env, rule):
    """Return the rule as a reason: of a condition its first part that is not met."""
    leaf = _find_leaf(rule.parts)
    if leaf:
        return env._(
            "%(field)s: %(found)s. Wanted: %(wanted)s.", field=leaf.name, found=leaf.found, wanted=leaf.wanted
        )
    return f"{rule.found} {rule.note}".strip()


def _find_leaf(parts):
    for part in parts:
        if part.verdict == UNMET:
            return part if part.key == "leaf" else _find_leaf(part.parts)
    return None


def _last_change(case):
    records = (case.event_type, case.subscription, case.endpoint)
    return max(record.write_date for record in records if record)
