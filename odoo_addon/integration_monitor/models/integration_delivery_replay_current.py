"""Sending records again as they are now: a new event for each, with a new id, to one endpoint only."""

from odoo import models

from ..capture.replayed_events import insert_current_events
from .group_names import GROUP_OPERATOR
from .integration_delivery_bulk import BULK_LANE


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def _bulk_replay_current(self, endpoint):
        """Make a new event with current content for the record of each of these deliveries.

        :return: ``{delivery id: why not}``
        """
        if not (self.env.su or self.env.user.has_group(GROUP_OPERATOR)):
            return dict.fromkeys(self._ids, self.env._("Only integration operators may replay."))
        readable = self._filtered_access("read")
        skipped = dict.fromkeys((self - readable)._ids, self.env._("You may not see it."))
        # sudo: the right was checked just above; write access to events is given to nobody
        by_type, deletions = readable.sudo()._group_by_living_type()
        skipped.update(deletions)
        reason = self.env._("Replayed with current content")
        skipped.update(self._replay_current(by_type, endpoint.sudo(), reason, BULK_LANE))
        self.env["integration.bus"]._wake_sidecar()
        return skipped

    def _group_by_living_type(self):
        """Return ``({event type: deliveries}, {delivery id: why not})``; of deletions there is no content."""
        by_type = dict(self.grouped("event_type_id"))
        why = self.env._("It told of a deletion, so there is no content now.")
        skipped = {}
        for event_type in list(by_type):
            if event_type.trigger == "on_unlink" or event_type.model_name not in self.env:
                skipped.update(dict.fromkeys(by_type.pop(event_type)._ids, why))
        return by_type, skipped

    def _replay_current(self, by_type, endpoint, reason, lane=None):
        """Make the new events for event type → deliveries, at most one per record.

        :param str reason: why, shown on the new deliveries
        :param lane: lane of the new deliveries; None: that of their subscription
        :return: ``{delivery id: why not}``
        """
        self.env.flush_all()
        env = self.env["integration.event"]._completion_env()
        inserted = insert_current_events(
            env,
            endpoint.with_env(env),
            {
                event_type.with_env(env): {
                    delivery.res_id: delivery.event_id.correlation_id for delivery in deliveries
                }
                for event_type, deliveries in by_type.items()
            },
            actor_id=self.env.uid,
            lane=lane,
        )
        skipped = {}
        for event_type, deliveries in by_type.items():
            skipped.update(deliveries._finish_replay_current(event_type, reason, *inserted[event_type]))
        return skipped

    def _finish_replay_current(self, event_type, reason, sent, faults):
        """Announce the new deliveries of one event type; return why the others were not made."""
        env = self.env["integration.event"]._completion_env()
        existing_ids = set(env[event_type.model_name].browse(self.mapped("res_id")).exists()._ids)
        skipped = {
            delivery.id: faults.get(delivery.res_id)
            or (
                self.env._(
                    "It is no longer wanted: the condition of the event type or the endpoint's subscription "
                    "does not let it pass."
                )
                if delivery.res_id in existing_ids
                else self.env._("The document was deleted.")
            )
            for delivery in self
            if delivery.res_id not in sent
        }
        self.filtered(lambda d: d.res_id in sent)._announce_changes()
        self._mark_replayed(list(sent.values()), reason)
        return skipped

    def _mark_replayed(self, event_ids, reason):
        """Say on the new deliveries who made them and why."""
        self.search([("event_id", "in", event_ids)]).write(
            {"state_changed_by": self.env.uid, "state_reason": reason}
        )
