"""Watches the models that rules publish: what changes there becomes events.

Core runs every rule the same way: it searches the rules at each create, write and
recomputation, reads all old values, evaluates the conditions and runs the actions record
by record. For rules that do nothing but publish, that costs more than saving a contact.
Here they are taken from the plan, rules whose watched fields are not touched cost nothing,
and all records of a change are captured by one statement. When a rule fires and what its
conditions mean is as in core (``base.automation``).
"""

import logging
from dataclasses import dataclass, field

import psycopg2

from odoo.exceptions import MissingError
from odoo.fields import Domain

from .rule_token import CaptureError

_logger = logging.getLogger(__name__)


@dataclass
class Change:
    """What a rule must remember of a change while it happens."""

    rule: object
    records: object  # those that met the rule's condition before
    error: str | None = None  # why that is not sure
    old_values: dict = field(default_factory=dict)  # watched field → {record id: value before}


def find_rules(model, hook, changed_names):
    """Return the publishing rules that a change of these fields may fire.

    :param str hook: create, write or unlink
    :param changed_names: set of field names, or None where all count as changed
    """
    rules = model.env["integration.capture.revision"]._find_plan().watching.get((model._name, hook), ())
    if changed_names is None:
        return rules
    return [rule for rule in rules if not rule.field_names or not rule.field_names.isdisjoint(changed_names)]


def begin_changes(records, rules, changed_names, computed_fields=()):
    """Return a Change per rule: which records qualify before, and their old values."""
    changes = []
    for rule in rules:
        change = Change(rule, *_filter_before(rule, records, computed_fields))
        sudo_records = change.records.sudo()
        for name in rule.field_names.intersection(changed_names):
            if name in records._fields and records._fields[name].store:
                change.old_values[name] = {record.id: record[name] for record in sudo_records}
        changes.append(change)
    return changes


def capture_changes(changes):
    for change in changes:
        if not change.rule.field_names:
            _capture(change.rule, change.records, change.error)
            continue
        try:
            changed = _find_changed(change, change.records)
        except MissingError:  # the write deleted some of its records
            changed = _find_changed(change, change.records.exists())
        _capture(change.rule, changed, change.error)


def _find_changed(change, records):
    return (
        records.sudo()
        .filtered(
            lambda record: any(record[name] != old[record.id] for name, old in change.old_values.items())
        )
        .with_env(records.env)
    )


def capture_all(records, rules, is_deletion=False):
    """Capture records that were created, or that are about to be deleted."""
    for rule in rules:
        _capture(rule, records, None, is_deletion)


def _capture(rule, records, error, is_deletion=False):
    if not records:
        return
    if rule.after is not None:
        records, after_error = _filter_after(rule, records)
        error = error or after_error
    if not records:
        return
    events = records.env["integration.event"]
    for event_type_id in rule.event_type_ids:
        events._capture(event_type_id, records, error=error, is_deletion=is_deletion)


def _filter_before(rule, records, computed_fields):
    if rule.before is None or not records:
        return records, None
    # As core does: the condition must not compute the fields that are just being changed.
    to_compute = {
        dependent: pending
        for changed in computed_fields
        for dependent in records.env.registry.get_dependent_fields(changed)
        if (pending := records.env.records_to_compute(dependent))
    }
    kept, error = _filter(rule, rule.before, records)
    for dependent, pending in to_compute.items():
        records.env.add_to_compute(dependent, pending)
    return kept, error


def _filter_after(rule, records):
    return _filter(rule, rule.after, records)


def _filter(rule, condition, records):
    """Return (records that meet the condition, None) or (all, why it cannot be checked)."""
    try:
        if not isinstance(condition, Domain):
            condition = records.env["base.automation"].browse(rule.id)._evaluate_condition(condition)
        return records.sudo().filtered_domain(condition).with_env(records.env), None
    except psycopg2.Error:
        raise
    except Exception as error:  # noqa: BLE001 kept as the event's error; saving must go on
        return records, explain_filter_error(records.env["base.automation"].browse(rule.id), records, error)


def explain_filter_error(rule, records, error):
    """Return the sentence that the events of these records get as their error."""
    _logger.warning(
        "event_filter.failed rule=%s model=%s error=%s", rule.id, records._name, type(error).__name__
    )
    return CaptureError(
        rule.env._(
            "The condition of the automation rule “%(rule)s” could not be checked, so it is not sure "
            "that this event should have happened. Ask an integration administrator to correct it.",
            rule=rule.sudo().name,
        )
    )
