"""The content of events: rendered for all records of a type at once, or an error that a person can act on."""

import logging

from ..payload.envelope import dump_json
from ..payload.field_tree import FieldListError
from ..payload.record_render import find_company, render_records
from .guarded_step import attempt_step

_logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024


def render_events(env, event_type, events, records, attempt=attempt_step):
    """Fill in payload, name and company, or the error. First all at once; after a fault one by one.

    :param event_type: EventTypePlan
    :param dict events: record id → CapturedEvent
    :param attempt: how steps that may fail are run, see guarded_step.py
    """
    faults = _render_batch(env, event_type, events, records, attempt)
    if faults is None:
        return
    if isinstance(faults, FieldListError):
        for record in records:
            _keep_fault(env, event_type, events[record.id], faults)
        attempt_step(env, lambda: _fill_identity(events, records))
        _fill_stakes(env, events, records, attempt_step)
        return
    for record in records:
        fault = _render_batch(env, event_type, events, record, attempt)
        if fault is not None:
            _keep_fault(env, event_type, events[record.id], fault)
            attempt_step(env, lambda record=record: _fill_identity(events, record))
            _fill_stakes(env, events, record, attempt_step)


def _render_batch(env, event_type, events, records, attempt):
    """Return None, or the exception after which nothing was filled in."""

    def render():
        if isinstance(event_type.field_tree, Exception):
            raise event_type.field_tree.with_traceback(None)
        payloads = render_records(records, event_type.field_tree)
        return {record_id: dump_json(payload) for record_id, payload in payloads.items()}

    texts, fault = attempt(env, render)
    if fault is not None:
        return fault
    _fill_identity(events, records)
    _fill_stakes(env, events, records, attempt)
    for record_id, text in texts.items():
        event = events[record_id]
        # Counting bytes costs more than counting characters, and almost no text comes near the limit.
        if len(text) * 4 > event_type.bytes_max and (size := len(text.encode())) > event_type.bytes_max:
            _keep_oversize(env, event_type, event, size)
        else:
            event.payload = text
    return None


def _keep_oversize(env, event_type, event, size):
    event.failure_class = "too_large"
    event.error = env._(
        "The content of this event has %(size)s MB; at most %(limit)s MB can be carried. Ask an integration "
        "administrator to remove fields from the event type “%(type)s”, or to raise the limit, then retry.",
        size=f"{size / MEGABYTE:.1f}",
        limit=f"{event_type.bytes_max / MEGABYTE:.1f}",
        type=event_type.name,
    )


def _fill_identity(events, records):
    for record in records:
        events[record.id].record_name = record.display_name
        events[record.id].company_id = find_company(record).id or None


def _fill_stakes(env, events, records, attempt):
    """Fill in whose document it is and how much is at stake; a document that cannot say it goes without."""
    if not hasattr(records, "_integration_stakes"):
        return
    stakes, _fault = attempt(env, records._integration_stakes)
    for record_id, (partner_id, amount, currency_id) in (stakes or {}).items():
        events[record_id].stakes = (partner_id or None, amount if currency_id else None, currency_id or None)


def _keep_fault(env, event_type, event, fault):
    if isinstance(fault, FieldListError):
        event.failure_class = "configuration"
        event.error = env._(
            "The field list of the event type “%(type)s” no longer fits. %(reason)s "
            "Ask an integration administrator to correct it, then retry.",
            type=event_type.name,
            reason=str(fault),
        )
        return
    _logger.error(
        "event_rendering.failed event=%s type=%s record=%s,%s",
        event.id,
        event_type.technical_name,
        event.res_model,
        event.res_id,
        exc_info=fault,
    )
    event.failure_class = "payload"
    event.error = env._(
        "The content of this event could not be put together (%(kind)s). Ask an integration administrator "
        "to check the fields of the event type “%(type)s”, then retry.",
        kind=type(fault).__name__,
        type=event_type.name,
    )
