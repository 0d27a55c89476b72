"""Puts into words what happened to a document's events: one entry for each step, as plain values.

An entry::

    {"key": "attempt-7", "kind": "attempt", "at_ms": 1794300000000, "system_ids": [3],
     "title": "Payer gateway refused the data.", "detail": "“VAT id missing”", "look": "failed",
     "attempt_number": 2, "duration_ms": 340, "answer": "{…}"}

``kind`` is event, queued, attempt, person, system or next; ``look`` is good, wait, failed, ended or neutral.
``at_ms`` counts from 1970 in UTC; it is False for what is still to come at no known time.
"""

from datetime import UTC

from odoo import SUPERUSER_ID
from odoo.tools.i18n import format_list

from .case_words import find_words
from .delivery_state_machine import CONFIRMATION_TRANSITIONS
from .integration_delivery_case import OWN_WORDS

# How a try ended → how it looks.
LOOK_BY_OUTCOME = {"delivered": "good", "retry": "wait", "failed": "failed"}
# Of entries of the same instant: what comes first.
RANKS = {"event": 0, "queued": 1, "person": 2, "attempt": 3, "system": 4}


class TimelineWriter:
    """Collects the entries of one document."""

    def __init__(self, env):
        self.env = env
        self._entries = []
        self._told_correlations = set()

    def list_entries(self):
        """The entries, oldest first; what is still to come last."""
        return sorted(
            self._entries,
            key=lambda entry: (
                entry["kind"] == "next",
                entry["at_ms"] or 0,
                RANKS.get(entry["kind"], 9),
            ),
        )

    def add_event(self, event, deliveries):
        """Add that something happened, and for whom it was put in line.

        :param event: in sudo
        :param deliveries: those of the event that the user may see
        """
        system_ids = deliveries.endpoint_id.ids
        # Within one transaction an event happens once: the same again was sent by hand with present content.
        correlation = event.correlation_id and (event.event_type_id, event.correlation_id)
        is_repeated = correlation in self._told_correlations
        self._told_correlations.add(correlation)
        self._add(
            "event",
            f"event-{event.id}",
            event.occurred_at,
            system_ids,
            self._say_event(event, is_repeated),
            look="neutral",
        )
        names = format_list(self.env, [delivery.endpoint_name for delivery in deliveries])
        title = self.env._("Put in line for %(systems)s", systems=names)
        self._add("queued", f"queued-{event.id}", event.recorded_at or event.occurred_at, system_ids, title)

    def _say_event(self, event, is_repeated):
        what = event.event_type_id.name
        actor = event.actor_id
        if not actor or actor.id == SUPERUSER_ID:
            return self.env._("%(what)s, by an automatic process", what=what)
        if is_repeated:
            return self.env._("%(who)s had the present version sent", who=actor.name)
        return self.env._("%(what)s, by %(who)s", what=what, who=actor.name)

    def add_delivery(self, delivery, attempts, changes):
        """Add every try, every change by a person, and what the delivery waits for."""
        for attempt in attempts:
            self._add_attempt(delivery, attempt)
        for change in changes:
            self._add_change(delivery, change)
        self._add_end(delivery, attempts, changes)
        self._add_next(delivery)

    def _add_attempt(self, delivery, attempt):
        system = delivery.endpoint_name
        if attempt.outcome == "delivered":
            title = self.env._("%(system)s accepted it", system=system)
            detail = False
        else:
            title = self._say_failure(delivery, attempt.failure_class)
            quoted = OWN_WORDS.search(attempt.error or "")
            detail = f"“{quoted[1]}”" if quoted else attempt.error
        self._add(
            "attempt",
            f"attempt-{attempt.id}",
            attempt.started_at,
            delivery.endpoint_id.ids,
            title,
            detail=detail,
            look=LOOK_BY_OUTCOME[attempt.outcome],
            attempt_number=attempt.attempt_number,
            duration_ms=attempt.duration_ms,
            answer=attempt.response_excerpt,
        )

    def _add_change(self, delivery, change):
        words = {"who": change.user_id.name, "system": delivery.endpoint_name}
        if change.to_state in CONFIRMATION_TRANSITIONS:
            self._add_confirmation(delivery, change, words)
            return
        if not change.user_id or change.user_id.id == SUPERUSER_ID:
            title = self.env._("Came back from the road to %(system)s and goes out again", **words)
            kind = "system"
        else:
            title = self._say_change(change, words)
            kind = "person"
        look = "ended" if change.to_state in ("cancelled", "superseded") else "neutral"
        self._add(
            kind,
            f"change-{change.id}",
            change.at,
            delivery.endpoint_id.ids,
            title,
            detail=change.reason,
            look=look,
        )

    def _add_confirmation(self, delivery, change, words):
        """Add what the other system said afterwards."""
        if change.to_state == "acknowledged":
            title, look = self.env._("%(system)s confirmed that it was processed", **words), "good"
            detail = change.reason
        else:
            title, look = self.env._("%(system)s took it and rejected it afterwards", **words), "failed"
            detail = f"“{change.reason}”"
        key, at = f"change-{change.id}", change.at
        self._add("system", key, at, delivery.endpoint_id.ids, title, detail=detail, look=look)

    def _say_change(self, change, words):
        _ = self.env._
        if change.to_state == "cancelled":
            return _("%(who)s decided not to send it to %(system)s", **words)
        if change.to_state == "superseded":
            return _("%(who)s replaced what %(system)s had not accepted", **words)
        if change.to_state == "delivered":
            return _("%(who)s gave up sending it once more to %(system)s", **words)
        if change.from_state in ("delivered", "acknowledged"):
            return _("%(who)s had it sent once more to %(system)s", **words)
        return _("%(who)s had it sent again to %(system)s", **words)

    def _add_end(self, delivery, attempts, changes):
        """Add how it ended where neither a try nor a person says so."""
        if delivery.state in changes.mapped("to_state"):
            return
        system = delivery.endpoint_name
        if delivery.state == "superseded":
            title, look = self.env._("No longer needed at %(system)s", system=system), "ended"
        elif delivery.state == "expired":
            title, look = self.env._("Too old for %(system)s, not sent any more", system=system), "ended"
        elif delivery.state == "failed" and "failed" not in attempts.mapped("outcome"):
            title, look = self._say_failure(delivery, delivery.failure_class), "failed"
        else:
            return
        detail = delivery.last_error if look == "failed" else delivery.state_reason
        self._add(
            "system",
            f"end-{delivery.id}",
            delivery.state_changed_at,
            delivery.endpoint_id.ids,
            title,
            detail=detail,
            look=look,
        )

    def _add_next(self, delivery):
        """Add what comes next, and when, where it is not over."""
        system = delivery.endpoint_name
        at, detail = False, False
        if delivery.state == "failed":
            title = self.env._("Waits for a person before anything more is sent to %(system)s", system=system)
            look = "failed"
        elif delivery.state == "queued":
            title, look = self.env._("On its way to %(system)s", system=system), "wait"
        elif delivery.state == "pending":
            title, detail, at = self._say_waiting(delivery)
            look = "wait"
        else:
            return
        key = f"next-{delivery.id}"
        self._add("next", key, at, delivery.endpoint_id.ids, title, detail=detail, look=look)

    def _say_waiting(self, delivery):
        system = delivery.endpoint_name
        if delivery.held_by_id:
            title = self.env._("Waits for %(system)s, so that the order stays right", system=system)
            return title, self.env._("An earlier event of this document has to be settled first."), False
        if delivery.waiting_reason:
            return self.env._("Waits for %(system)s", system=system), delivery.waiting_reason, False
        if delivery.attempt_count and delivery.next_attempt_at:
            title = self.env._("Next try at %(system)s, by itself", system=system)
            return title, False, delivery.next_attempt_at
        return self.env._("Goes out to %(system)s", system=system), False, False

    def _say_failure(self, delivery, failure_class):
        words = {
            "endpoint": delivery.endpoint_name,
            "document": delivery.record_name or f"{delivery.res_model},{delivery.res_id}",
        }
        return self.env._(find_words(failure_class).means) % words

    def _add(self, kind, key, at, system_ids, title, *, detail=False, look="neutral", **values):
        self._entries.append(
            {
                "key": key,
                "kind": kind,
                "at_ms": at and round(at.replace(tzinfo=UTC).timestamp() * 1000),
                "system_ids": system_ids,
                "title": title,
                "detail": detail or False,
                "look": look,
                **{name: value or False for name, value in values.items()},
            }
        )
