"""Is it for this system?"""

from odoo.tools import format_datetime

from ..capture.capture_plan import ROUTED_STATES
from ..payload.record_render import find_company
from .condition_leaves import explain_condition
from .rule import MET, UNKNOWN, UNMET, Rule, judge


def explain_routing(case):
    """Return the rules that decide whether the event becomes a delivery, in the order they are asked."""
    rules = [_explain_subscription(case)]
    if case.subscription.filter_domain:
        rules.append(_explain_filter(case))
    rules += [_explain_company(case), _explain_collecting(case)]
    return tuple(rules)


def _explain_subscription(case):
    env, subscription = case.env, case.subscription
    name = env._("The system wants this event")
    wanted = env._("A subscription in use")
    if not subscription:
        return Rule("subscription", UNMET, name, env._("It is not subscribed any more."), wanted)
    if not subscription.active:
        return Rule("subscription", UNMET, name, env._("Its subscription was archived."), wanted)
    found = env._("Subscribed since %(time)s", time=format_datetime(env, subscription.create_date))
    is_late = case.event and not case.delivery and subscription.create_date > case.event.occurred_at
    note = env._("That was after it happened.") if is_late else ""
    return Rule("subscription", judge(not is_late), name, found, wanted, note)


def _explain_filter(case):
    env = case.env
    name = env._("Only some documents are for this system")
    if not case.document:
        return Rule(
            "filter",
            MET if case.delivery else UNKNOWN,
            name,
            env._("The document is gone, or not for you to read."),
        )
    verdict, leaves = explain_condition(case.document, case.subscription.filter_domain, case.payload)
    if case.delivery:
        note = env._("Below are today's values; those of that moment are named where they were sent.")
        return Rule("filter", MET, name, env._("It was one of them when it happened."), "", note, leaves)
    found = {
        MET: env._("Today's values match."),
        UNMET: env._("Today's values do not match."),
        UNKNOWN: env._("It is not known whether it matches."),
    }[verdict]
    return Rule("filter", verdict, name, found, "", env._("Today's values."), leaves)


def _explain_company(case):
    env = case.env
    name = env._("Company")
    wanted_company = case.endpoint.company_id
    if not wanted_company:
        return Rule("company", MET, name, _name_company(case), env._("Documents of all companies"))
    company = case.event.company_id or case.document and find_company(case.document.sudo())
    is_met = not company or wanted_company in company.sudo().parent_ids | company
    wanted = env._("%(company)s or its branches", company=wanted_company.name)
    return Rule("company", judge(is_met), name, _name_company(case), wanted)


def _name_company(case):
    company = case.event.company_id or case.document and find_company(case.document.sudo())
    return company.name if company else case.env._("The document belongs to all companies.")


def _explain_collecting(case):
    """Whether events are collected for the endpoint at all: while it is paused they are, as a draft not."""
    env, endpoint = case.env, case.endpoint
    name = env._("The system is set up")
    wanted = env._("Activated")
    if not endpoint.active:
        return Rule("collecting", UNMET, name, env._("It was archived and gets nothing any more."), wanted)
    if endpoint.state not in ROUTED_STATES:
        found = env._("It has not been activated: nothing is collected for it.")
        return Rule("collecting", UNMET, name, found, wanted)
    is_late = case.event and not case.delivery and endpoint.create_date > case.event.occurred_at
    if is_late:
        found = env._(
            "It was added on %(time)s, after it happened.", time=format_datetime(env, endpoint.create_date)
        )
        return Rule("collecting", UNMET, name, found, wanted)
    return Rule("collecting", MET, name, env._("It is activated."), wanted)
