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


def explain_cases(cases):
    """Return the Explanations of these cases: first what happened, then what was nearest to happening."""
    explained = [(case, explain_case(case)) for case in cases]
    explained.sort(key=lambda pair: (not pair[0].delivery, not pair[0].event, _count_unmet(pair[1])))
    return [explanation for _case, explanation in explained]


def _count_unmet(explanation):
    rules = [rule for _title, rules in explanation.groups for rule in rules]
    return len([rule for rule in rules if rule.verdict == UNMET]) + sum(
        len(_find_unmet_leaves(rule.parts)) for rule in rules
    )


def _answer(case, capture, routing, sending):
    env = case.env
    if case.delivery:
        return _answer_of_delivery(case, sending)
    if case.event:
        reason = _find_reason(routing, [rule.key for rule in routing])
        if reason:
            return "none", _phrase(env, reason)
        if case.event.state == "captured":
            return "waiting", env._("It is being recorded at this moment.")
        if case.event.recorded_at and case.event.recorded_at < case.kept_since:
            return "none", env._("What was settled so long ago has been deleted.")
        return "none", env._(
            "Everything matches today, so something was different when it happened. "
            "The settings were changed last on %(time)s.",
            time=format_datetime(env, _last_change(case)),
        )
    reason = _find_reason(capture, CAPTURE_REASONS)
    if reason:
        return "none", _phrase(env, reason)
    [trigger] = [rule for rule in capture if rule.key == "trigger"]
    return "none", trigger.found


def _answer_of_delivery(case, sending):
    env, delivery = case.env, case.delivery
    if delivery.state in ("delivered", "acknowledged"):
        return "delivered", env._(
            "The system took it on %(time)s.", time=format_datetime(env, delivery.delivered_at)
        )
    if delivery.state == "failed":
        return "failed", env._(
            "The system did not accept it, and a person is needed: %(error)s",
            error=delivery.last_error or env._("No details"),
        )
    if delivery.state in CLOSED_STATES:
        label = delivery._state_label(delivery.state)
        who = delivery.state_changed_by.name
        reason = delivery.state_reason or ""
        if who:
            return "closed", env._("%(state)s by %(user)s: %(reason)s", state=label, user=who, reason=reason)
        return "closed", env._("%(state)s: %(reason)s", state=label, reason=reason)
    waiting = [rule.key for rule in sending if rule.key not in ("attempt", "step", "outcome")]
    reason = _find_reason(sending, waiting)
    if reason:
        return "waiting", reason.found
    return "waiting", env._("Nothing is in the way; it is sent within seconds.")


def _find_reason(rules, keys):
    """The first rule, in the order of the keys, that is not met."""
    by_key = {rule.key: rule for rule in rules}
    return next((by_key[key] for key in keys if key in by_key and by_key[key].verdict == UNMET), None)


def _phrase(env, rule):
    """Return the rule as a reason: of a condition its parts that are not met."""
    leaves = _find_unmet_leaves(rule.parts)
    if not leaves:
        return f"{rule.found} {rule.note}".strip()
    return " ".join(
        env._(
            "%(field)s: %(found)s (wanted: %(wanted)s).",
            field=leaf.name,
            found=leaf.found,
            wanted=leaf.wanted,
        )
        for leaf in leaves
    )


def _find_unmet_leaves(parts):
    leaves = []
    for part in parts:
        if part.verdict == UNMET:
            leaves += [part] if part.key == "leaf" else _find_unmet_leaves(part.parts)
    return leaves


def _last_change(case):
    records = (case.event_type, case.subscription, case.endpoint)
    return max(record.write_date for record in records if record)
