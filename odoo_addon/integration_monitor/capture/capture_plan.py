"""What is captured and where it goes, as plain values: read once per configuration, not once per save."""

from collections import defaultdict
from dataclasses import dataclass, field

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.addons.base_automation.models.base_automation import CREATE_TRIGGERS, WRITE_TRIGGERS

from ..payload.field_tree import build_field_tree
from .record_filter import read_domain

# Transactions that began before a change still need the plan of before.
PLANS_MAX = 4
HOOKS = {"create": CREATE_TRIGGERS, "write": WRITE_TRIGGERS, "unlink": ["on_unlink"]}
# Far below what brokers take (RabbitMQ 4: 16 MB), since the text grows when it is quoted in a message.
BYTES_MAX_NAME = "event_bytes_max"
BYTES_MAX_DEFAULT = 5 * 1024 * 1024
# Paused and stopped endpoints collect deliveries that wait; drafts get none.
ROUTED_STATES = ("active", "paused", "stopped")


@dataclass(frozen=True)
class WatchingRule:
    """An automation rule that does nothing but publish events."""

    id: int
    event_type_ids: tuple
    field_names: frozenset  # of the watched fields; empty: every change counts
    before: object  # Domain | None: everything | str: an expression that only Odoo's rule can evaluate
    after: object


@dataclass(frozen=True)
class SubscriptionPlan:
    id: int
    endpoint_id: int
    endpoint_name: str
    company_id: int | None
    has_url: bool
    lane: str
    is_latest_only: bool
    filter: object  # Domain | None: everything | Exception: why it is none


@dataclass(frozen=True)
class EventTypePlan:
    id: int
    name: str
    technical_name: str
    model_name: str
    business_domain: str
    filter: object  # Domain | None | Exception
    field_tree: object  # dict | Exception, mostly FieldListError
    bytes_max: int  # of one event's content
    subscriptions: tuple


@dataclass
class CapturePlan:
    revision: int = 0
    watching: dict = field(default_factory=lambda: defaultdict(list))  # (model, hook) → [WatchingRule]
    watching_ids: set = field(default_factory=set)
    other_triggers: dict = field(default_factory=lambda: defaultdict(set))  # model → triggers of other rules
    deletion_models: set = field(default_factory=set)  # whose deletions are published
    event_types: dict = field(default_factory=dict)  # id → EventTypePlan


def find_plan(env, revision):
    """Return the CapturePlan of this configuration revision, from this process's memory or the database.

    Plans live with the registry: another registry may have other fields.
    """
    plans = vars(env.registry).setdefault("integration_capture_plans", {})
    plan = plans.get(revision)
    if plan is None:
        plan = load_plan(api.Environment(env.cr, SUPERUSER_ID, {}))
        plan.revision = revision
        for old in sorted(plans.copy())[: 1 - PLANS_MAX]:
            plans.pop(old, None)
        plans[revision] = plan
    return plan


def load_plan(env):
    plan = CapturePlan()
    for event_type in env["integration.event.type"].with_context(active_test=False).search([]):
        plan.event_types[event_type.id] = _plan_event_type(event_type)
    for rule in env["base.automation"].with_context(active_test=True).search([]):
        _add_rule(plan, rule)
    return plan


def _add_rule(plan, rule):
    event_types, only_publishes = rule._get_publication()
    if event_types and rule.trigger == "on_unlink":
        plan.deletion_models.add(rule.model_name)
    hooks = [hook for hook, triggers in HOOKS.items() if rule.trigger in triggers]
    if not hooks or not only_publishes:
        plan.other_triggers[rule.model_name].add(rule.trigger)
        return
    plan.watching_ids.add(rule.id)
    watching = WatchingRule(
        id=rule.id,
        event_type_ids=tuple(event_types.ids),
        field_names=frozenset(rule.trigger_field_ids.mapped("name")),
        before=_read_condition(rule.filter_pre_domain),
        after=_read_condition(rule.filter_domain),
    )
    for hook in hooks:
        plan.watching[rule.model_name, hook].append(watching)


def _read_condition(text):
    """Return the literal Domain, None for everything, or the text where it is an expression or wrong."""
    if not (text or "").strip():
        return None
    domain = _keep_fault(lambda: read_domain(text))
    return text if isinstance(domain, Exception) else domain


def _plan_event_type(event_type):
    model = event_type.env.get(event_type.model_name)
    subscriptions = event_type.subscription_ids.filtered(
        lambda line: line.active and line.endpoint_id.active and line.endpoint_id.state in ROUTED_STATES
    )
    return EventTypePlan(
        id=event_type.id,
        name=event_type.name,
        technical_name=event_type.technical_name,
        model_name=event_type.model_name,
        business_domain=event_type.business_domain,
        filter=_read_filter(event_type.filter_domain, model),
        field_tree=_read_tree(model, event_type.field_ids.mapped("path")),
        bytes_max=event_type.env["ir.config_parameter"]._integration_limit(BYTES_MAX_NAME, BYTES_MAX_DEFAULT),
        subscriptions=tuple(plan_subscription(line, model) for line in subscriptions.sorted("id")),
    )


def plan_subscription(line, model):
    """Return the SubscriptionPlan of an integration.subscription whose events are about `model`."""
    endpoint = line.endpoint_id
    return SubscriptionPlan(
        id=line.id,
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        company_id=endpoint.company_id.id or None,
        has_url=bool(endpoint.url),
        lane=line.latency_class,
        is_latest_only=line.ordering == "latest_only",
        filter=_read_filter(line.filter_domain, model),
    )


def _read_filter(text, model):
    if model is None or not (text or "").strip():
        return None
    return _keep_fault(lambda: read_domain(text))


def _read_tree(model, paths):
    if model is None:
        return {}
    return _keep_fault(lambda: build_field_tree(model, paths))


def _keep_fault(read):
    """Return what `read` returns, or its exception.

    Every save of a watched model reads the plan, so one wrong filter must not make them all fail. Its
    events meet the fault when they are completed, and become cases for a person.
    """
    try:
        return read()
    except psycopg2.Error:
        raise
    except Exception as error:  # noqa: BLE001 any fault of fields, filters or other addons
        # The plan outlives the transaction: it must not keep its frames alive.
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
