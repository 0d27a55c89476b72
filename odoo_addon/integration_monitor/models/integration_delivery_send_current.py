"""Sending a document as it is now in place of what an endpoint refused.

What was refused stays as it was, or it could not be said any more what the endpoint saw. So the document gets
a new event with the content it has now, for that endpoint only, behind everything of the same document that
was committed before it; the failed delivery is superseded. So is what waits behind it with older content of
the same event type: it would meet the same refusal.
"""

from odoo import models
from odoo.exceptions import UserError


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def action_send_current(self):
        """Send the documents of these failed deliveries as they are now, in place of what failed.

        :raise AccessError: when the user may not change one of them
        :raise UserError: IM_SEND_CURRENT_NOTHING when none of them failed, IM_SEND_CURRENT_IMPOSSIBLE when
            there is no present version to send; then nothing is changed
        """
        self._check_changeable()
        # sudo: the right was checked above; write access to deliveries and events is given to nobody
        failed = self.sudo().filtered(lambda d: d.state == "failed")
        if not failed:
            raise UserError(
                self.env._(
                    "IM_SEND_CURRENT_NOTHING: none of these deliveries failed, so there is nothing to "
                    "replace. Reload the page to see what happened meanwhile."
                )
            )
        reason = self.env._("Sent as it is now, in place of one that failed")
        for endpoint, deliveries in failed.grouped("endpoint_id").items():
            newest = deliveries._keep_newest_per_record()
            by_type, skipped = newest._group_by_living_type()
            skipped.update(newest._replay_current(by_type, endpoint, reason))
            newest._refuse_skipped(skipped)
            newest._supersede_by_present_version()
        self.env["integration.bus"]._wake_sidecar()
        return True

    def _keep_newest_per_record(self):
        """One of these deliveries for each event type and record: the present version is sent once."""
        newest = {}
        for delivery in self.sorted("sequence"):
            newest[delivery.event_type_id, delivery.res_model, delivery.res_id] = delivery
        return self.browse(delivery.id for delivery in newest.values())

    def _refuse_skipped(self, skipped):
        """:raise UserError: IM_SEND_CURRENT_IMPOSSIBLE"""
        for delivery in self.filtered(lambda d: d.id in skipped):
            raise UserError(
                self.env._(
                    "IM_SEND_CURRENT_IMPOSSIBLE: the present version of %(document)s cannot be sent to "
                    "%(endpoint)s. %(why)s Retry sends what was refused again; Don't send gives it up.",
                    document=delivery.record_name or f"{delivery.res_model},{delivery.res_id}",
                    endpoint=delivery.endpoint_name,
                    why=skipped[delivery.id],
                )
            )

    def _supersede_by_present_version(self):
        """Supersede what the endpoint has not got yet of the same event type and record.

        What is on the road at this moment is left alone: it arrives before the present version.
        """
        reason = self.env._("Replaced by the present version of the document")
        for delivery in self:
            replaced = self.search(
                [
                    ("endpoint_id", "=", delivery.endpoint_id.id),
                    ("event_type_id", "=", delivery.event_type_id.id),
                    ("res_model", "=", delivery.res_model),
                    ("res_id", "=", delivery.res_id),
                    ("state", "in", ["failed", "pending"]),
                    ("lease_until", "=", False),
                    ("sequence", "<", delivery._find_last_sequence()),
                ]
            )
            replayed = replaced.filtered("first_delivered_at")
            (replaced - replayed)._transition("superseded", reason=reason, values={"next_attempt_at": False})
            replayed._end_replay(reason)
            replaced._complete_activities(reason)

    def _find_last_sequence(self):
        """The number of the newest event of this type and record for the endpoint."""
        newest = self.search(
            [
                ("endpoint_id", "=", self.endpoint_id.id),
                ("event_type_id", "=", self.event_type_id.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
            ],
            order="sequence desc",
            limit=1,
        )
        return newest.sequence
