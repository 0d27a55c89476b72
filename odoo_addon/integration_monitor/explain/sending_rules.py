"""Was it sent, what came of it, and if it still waits: what for?"""

from odoo.tools import SQL, format_datetime

from .rule import MET, UNKNOWN, UNMET, Rule, judge

WAITING_STATES = ("pending", "queued")
ATTEMPTS_MAX = 10


def explain_sending(case):
    """Return the rules that decide when a delivery is sent, and what is on record of it."""
    if not case.delivery:
        return ()
    rules = _explain_waiting(case) if case.delivery.state in WAITING_STATES else ()
    return (*rules, *_explain_attempts(case), *_explain_steps(case), _explain_outcome(case))


def _explain_waiting(case):
    rules = [_explain_service(case), _explain_endpoint(case), _explain_order(case)]
    if case.delivery.state == "pending":
        rules += [_explain_schedule(case), _explain_room(case)]
    return tuple(rules)


def _explain_service(case):
    env = case.env
    # sudo: staff may know whether anything is sent at all, not by which machines
    workers = env["integration.worker"].sudo().search([])
    seen_at = max(workers.mapped("last_seen_at"), default=False)
    found = (
        env._("The sending service was last heard of on %(time)s.", time=format_datetime(env, seen_at))
        if seen_at
        else env._("The sending service has never been heard of.")
    )
    is_alive = any(workers.mapped("is_alive"))
    return Rule(
        "service",
        judge(is_alive),
        env._("The sending service is at work"),
        found,
        env._("Heard of within 30 seconds"),
    )


def _explain_endpoint(case):
    env = case.env
    silence = case.endpoint._explain_silence()
    return Rule(
        "endpoint",
        judge(not silence),
        env._("The system is being sent to"),
        silence or env._("It is in service."),
        env._("Active, not paused, in service"),
    )


def _explain_order(case):
    env = case.env
    waiting = _find_earlier(case)
    wanted = env._("Nothing earlier of this document waits for the same system")
    name = env._("Its turn has come")
    if not waiting:
        return Rule("order", MET, name, env._("Nothing earlier is in the way."), wanted)
    # An event of another department may be in the way: that it is there is no secret, what it is may be one.
    is_visible = waiting.with_env(env).has_access("read")
    event = waiting.event_type_name if is_visible else env._("another event")
    found = (
        env._("It waits behind “%(event)s”, which needs a person.", event=event)
        if waiting.state == "failed"
        else env._("It waits behind “%(event)s”, which is on its way.", event=event)
    )
    return Rule("order", UNMET, name, found, wanted)


def _find_earlier(case):
    """The first delivery that a claim would give out before this one, as in integration_delivery_claim.py."""
    delivery = case.delivery
    states = ["pending", "queued"]
    domain = [
        ("endpoint_id", "=", delivery.endpoint_id.id),
        ("res_model", "=", delivery.res_model),
        ("res_id", "=", delivery.res_id),
        ("sequence", "<", delivery.sequence),
    ]
    deliveries = case.env["integration.delivery"].sudo()
    if case.endpoint.after_failure == "hold":
        holding = [*domain, ("state", "=", "failed"), ("first_delivered_at", "=", False)]
        if failed := deliveries.search(holding, order="sequence", limit=1):
            return failed
    return deliveries.search([*domain, ("state", "in", states)], order="sequence", limit=1)


def _explain_schedule(case):
    env, due_at = case.env, case.delivery.next_attempt_at
    is_due = not due_at or due_at <= case.delivery._now()
    found = (
        env._("It is due.")
        if is_due
        else env._("The next try comes on %(time)s.", time=format_datetime(env, due_at))
    )
    return Rule("schedule", judge(is_due), env._("It is due"), found, env._("Now, or earlier"))


def _explain_room(case):
    """Window and rate limit: how much may be on the way to the endpoint, and how fast."""
    env, endpoint = case.env, case.endpoint
    case.env["integration.delivery"].sudo().flush_model(["state", "lease_until", "endpoint_id"])
    [(in_flight, full_at)] = env.execute_query(
        SQL(
            """
            SELECT (SELECT count(*) FROM integration_delivery
                     WHERE endpoint_id = %(id)s AND (state = 'queued' OR lease_until IS NOT NULL)
                       AND (state = 'queued' OR lease_until > clock_timestamp() AT TIME ZONE 'UTC')),
                   (SELECT full_at FROM integration_endpoint_pace WHERE endpoint_id = %(id)s)
            """,
            id=endpoint.id,
        )
    )
    is_slowed = bool(endpoint.rate_limit_per_s and full_at and full_at > case.delivery._now())
    has_room = in_flight < endpoint.window and not is_slowed
    found = env._("There is room.") if has_room else env._("The system is busy with earlier ones.")
    wanted = env._("Room for one more")
    if case.is_member:
        found = env._("%(count)s of %(window)s are on their way.", count=in_flight, window=endpoint.window)
        if is_slowed:
            found = env._("%(found)s Its rate limit is used up for the moment.", found=found)
    return Rule("room", judge(has_room), env._("The system can take more"), found, wanted)


def _explain_attempts(case):
    """Each try and its answer, the oldest first."""
    env = case.env
    attempts = case.delivery.attempt_ids.sorted("attempt_number")[-ATTEMPTS_MAX:]
    outcomes = dict(attempts._fields["outcome"]._description_selection(env))
    rules = []
    for attempt in attempts:
        answer = ": ".join(part for part in (attempt.status_text, attempt.error) if part)
        found = env._(
            "%(time)s: %(outcome)s",
            time=format_datetime(env, attempt.started_at),
            outcome=outcomes[attempt.outcome],
        )
        rules.append(
            Rule(
                "attempt",
                judge(attempt.outcome == "delivered"),
                env._("Attempt %(number)s", number=attempt.attempt_number),
                found,
                "",
                answer,
            )
        )
    return tuple(rules)


def _explain_steps(case):
    """What people did to it, the oldest first."""
    env = case.env
    label = case.delivery._state_label
    return tuple(
        Rule(
            "step",
            UNKNOWN,
            env._("%(user)s changed it", user=step.user_id.name)
            if step.user_id
            else env._("It came back unsent"),
            env._(
                "%(time)s: from %(before)s to %(after)s",
                time=format_datetime(env, step.at),
                before=label(step.from_state),
                after=label(step.to_state),
            ),
            "",
            step.reason or "",
        )
        for step in case.delivery.transition_ids.sorted(lambda step: (step.at, step.id))[-ATTEMPTS_MAX:]
    )


def _explain_outcome(case):
    env, delivery = case.env, case.delivery
    label = delivery._state_label(delivery.state)
    verdict = MET if delivery.state in ("delivered", "acknowledged") else UNMET
    if delivery.state in WAITING_STATES:
        verdict = UNKNOWN
    at = delivery.delivered_at if verdict == MET else delivery.state_changed_at
    found = env._("%(state)s since %(time)s", state=label, time=format_datetime(env, at)) if at else label
    return Rule(
        "outcome", verdict, env._("What became of it"), found, env._("Delivered"), delivery.state_reason or ""
    )
