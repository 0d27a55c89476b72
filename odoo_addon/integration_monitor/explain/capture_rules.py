"""Did it happen, and was it recorded?"""

from odoo.tools import format_date, format_datetime

from .condition_leaves import explain_condition
from .rule import MET, UNKNOWN, UNMET, Rule, judge


def explain_capture(case):
    """Return the rules that decide whether the event was recorded, in the order they are asked."""
    rules = [_explain_catalogue(case), _explain_automation(case), _explain_trigger(case)]
    if case.event_type.filter_pre_domain:
        rules.append(_explain_before(case))
    if case.event_type.filter_domain:
        rules.append(_explain_after(case))
    return tuple(rule for rule in rules if rule)


def _explain_catalogue(case):
    env, event_type = case.env, case.event_type
    return Rule(
        "catalogue",
        judge(event_type.active),
        env._("The event is in use"),
        env._("“%(event)s” is in use.", event=event_type.name)
        if event_type.active
        else env._("“%(event)s” was archived: nothing of it is recorded.", event=event_type.name),
        env._("In use, not archived"),
    )


def _explain_automation(case):
    """Whether some rule of Odoo's automation publishes the event: its own, or one that a person made."""
    env, event_type = case.env, case.event_type
    actions = env["ir.actions.server"].sudo().search([("integration_event_type_id", "=", event_type.id)])
    rules = actions.base_automation_id.with_context(active_test=False)
    active = rules.filtered(
        lambda rule: (
            rule.active and rule.model_name == case.res_model and event_type in rule._get_publication()[0]
        )
    )
    if active:
        found = env._("Watched by: %(rules)s", rules=", ".join(active.mapped("name")))
        if not case.is_member:
            found = env._("Odoo watches this kind of document.")
    elif rules:
        found = env._("The rule that watches this kind of document is switched off.")
    else:
        found = env._("No rule watches this kind of document.")
    return Rule(
        "automation",
        judge(active),
        env._("Odoo watches for it"),
        found,
        env._("A rule at work for this kind of document"),
    )


def _explain_trigger(case):
    env, event = case.env, case.event
    name = env._("It happened")
    wanted = _describe_trigger(case)
    if not event:
        return Rule("trigger", _judge_silence(case), name, _explain_silence(case), wanted)
    when = format_datetime(env, event.occurred_at)
    found = (
        env._("On %(time)s, by %(user)s", time=when, user=event.actor_id.name)
        if event.actor_id
        else env._("On %(time)s", time=when)
    )
    note = ""
    if case.event_count > 1:
        note = env._("It happened %(count)s times; this is about the last one.", count=case.event_count)
    if event.state == "captured":
        note = env._("Its content is still being written down.")
    if event.state == "error":
        return Rule("trigger", UNMET, name, found, wanted, event.error or note)
    return Rule("trigger", MET, name, found, wanted, note)


def _describe_trigger(case):
    env, event_type = case.env, case.event_type
    trigger = dict(event_type._fields["trigger"]._description_selection(env))[event_type.trigger]
    watched = event_type.trigger_field_ids.mapped("field_description")
    if not watched:
        return trigger
    return env._("%(trigger)s: %(fields)s", trigger=trigger, fields=", ".join(watched))


def _judge_silence(case):
    """Nothing is on record: it never happened, or it was before the record begins."""
    created_at = case.document and case.document.sudo().create_date
    began_at = max(case.kept_since, case.event_type.create_date)
    return UNKNOWN if created_at and created_at < began_at else UNMET


def _explain_silence(case):
    env = case.env
    created_at = case.document and case.document.sudo().create_date
    if created_at and created_at < case.event_type.create_date:
        return env._(
            "Not on record. What happened before this event was set up on %(date)s is not recorded.",
            date=format_date(env, case.event_type.create_date),
        )
    if created_at and created_at < case.kept_since:
        return env._(
            "Not on record. What was settled before %(date)s has been deleted, so it may have happened "
            "before that.",
            date=format_date(env, case.kept_since),
        )
    return env._("It has not happened to this document.")


def _explain_before(case):
    env = case.env
    name = env._("Condition before the change")
    if case.event:
        return Rule("before", MET, name, env._("It was met when it happened."))
    if not case.document:
        return Rule("before", UNKNOWN, name, env._("The document is gone, or not for you to read."))
    _verdict, leaves = explain_condition(case.document, case.event_type.filter_pre_domain)
    note = env._("Today's values: those before a change are not kept.")
    return Rule("before", UNKNOWN, name, env._("It is asked at the moment of the change."), "", note, leaves)


def _explain_after(case):
    env = case.env
    name = env._("Condition after the change")
    if not case.document:
        return Rule(
            "after",
            MET if case.event else UNKNOWN,
            name,
            env._("The document is gone, or not for you to read."),
        )
    verdict, leaves = explain_condition(case.document, case.event_type.filter_domain, case.payload)
    if case.event:
        note = env._("Below are today's values; those of that moment are named where they were sent.")
        return Rule("after", MET, name, env._("It was met when it happened."), "", note, leaves)
    found = {
        MET: env._("Today's values meet it."),
        UNMET: env._("Today's values do not meet it."),
        UNKNOWN: env._("It is not known whether it is met."),
    }[verdict]
    return Rule("after", verdict, name, found, "", env._("Today's values."), leaves)
