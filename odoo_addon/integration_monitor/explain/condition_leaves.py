"""Takes a condition (an Odoo domain) apart: for each leaf what was found, what was wanted, the verdict."""

import psycopg2

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainBool, DomainCondition, DomainNot, DomainOr

from ..capture.record_filter import read_domain
from .rule import UNKNOWN, Rule, combine_all, combine_any, invert, judge
from .value_words import describe_found, describe_path, describe_recorded, describe_wanted, resolve_path


def explain_condition(record, text, payload=None):
    """Return (verdict of the record's present values, the conditions that must all be met as Rules).

    A leaf about a value that the reader may not see says so and nothing else: neither value nor verdict.

    :param record: one record with the reader's rights
    :param str text: the condition as it was entered
    :param dict payload: what was sent of the record; its values are named where they differ from today's
    """
    try:
        condition = read_domain(text)
    except Exception:  # noqa: BLE001 any fault of what a person entered
        return UNKNOWN, (Rule("leaf", UNKNOWN, text, record.env._("This condition cannot be read.")),)
    tree = _explain_node(record, condition, payload or {}, is_negated=False)
    parts = tree.parts if tree.key == "all" else (tree,)
    return tree.verdict, parts


def _explain_node(record, node, payload, is_negated):
    env = record.env
    if isinstance(node, DomainNot):
        return _explain_node(record, node.child, payload, not is_negated)
    if isinstance(node, DomainBool):
        always = node.is_true() != is_negated
        return Rule("all", judge(always), env._("Every record") if always else env._("No record"), "")
    if isinstance(node, (DomainAnd, DomainOr)):
        parts = tuple(_explain_node(record, part, payload, is_negated) for part in node.children)
        verdicts = [part.verdict for part in parts]
        # "not (a or b)" asks for both opposites.
        if isinstance(node, DomainAnd) != is_negated:
            return Rule("all", combine_all(verdicts), env._("All of these"), "", parts=parts)
        return Rule("any", combine_any(verdicts), env._("At least one of these"), "", parts=parts)
    return _explain_leaf(record, node, payload, is_negated)


def _explain_leaf(record, node, payload, is_negated):
    env = record.env
    if not isinstance(node, DomainCondition):
        return Rule("leaf", UNKNOWN, env._("A condition that cannot be shown"), "")
    path = node.field_expr
    fields, is_visible = resolve_path(record.browse(), path)
    name = describe_path(env, fields, path)
    if not is_visible:
        return Rule("leaf", UNKNOWN, name, env._("You may not see this value."))
    wanted = describe_wanted(env, fields[-1], node.operator, node.value)
    if is_negated:
        wanted = env._("not: %(condition)s", condition=wanted)
    try:
        found = describe_found(record, path)
        is_met = bool(record.sudo().filtered_domain(Domain(path, node.operator, node.value)))
    except AccessError:
        return Rule("leaf", UNKNOWN, name, env._("You may not see this value."))
    except psycopg2.Error:
        raise
    except Exception:  # noqa: BLE001 search methods of foreign fields may fail in any way
        return Rule("leaf", UNKNOWN, name, env._("This value cannot be checked."), wanted)
    recorded = describe_recorded(env, fields, path, payload)
    note = env._("What was sent said: %(value)s", value=recorded) if recorded not in (None, found) else ""
    verdict = judge(is_met)
    return Rule("leaf", invert(verdict) if is_negated else verdict, name, found, wanted, note)
