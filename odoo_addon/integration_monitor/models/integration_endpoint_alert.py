"""Telling the owner of an endpoint about a long failure: one activity, never one per attempt."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import plaintext2html

LONG_FAILURE_S = 900
ACTIVITY_TYPE = "integration_monitor.mail_activity_type_endpoint_resting"


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    @api.model
    def _cron_tell_owners(self):
        """Tell the owner of each endpoint that has been resting for long: once per failure."""
        long_ago = self.env["integration.delivery"]._now() - timedelta(seconds=LONG_FAILURE_S)
        endpoints = self.search(
            [
                ("state", "=", "active"),
                ("breaker_state", "!=", "closed"),
                ("breaker_opened_at", "<=", long_ago),
                ("breaker_told_at", "=", False),
            ]
        )
        for endpoint in endpoints.filtered(lambda e: not e.is_fenced):
            endpoint._tell_owner()

    def _tell_owner(self):
        self.breaker_told_at = fields.Datetime.now()
        owner = self.owner_id
        if not (owner.active and owner._is_internal()):
            return
        # Written for its reader, in the reader's language.
        endpoint = self.with_context(lang=owner.lang)
        endpoint.activity_schedule(
            ACTIVITY_TYPE,
            summary=endpoint.env._("%(name)s has been failing for a while", name=endpoint.name),
            note=plaintext2html(
                endpoint.env._(
                    "Deliveries wait and lose no attempts. One of them is tried now and then; the rest "
                    "follow when it is answered. Last error: %(reason)s",
                    reason=endpoint.breaker_reason or endpoint.env._("none known"),
                )
            ),
            user_id=owner.id,
        )

    def _complete_long_failures(self, feedback):
        """Mark what the owners were told as done."""
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        if not self or not activity_type:
            return
        # sudo: whoever brings the news of the recovery need not be the owner
        activities = (
            self.env["mail.activity"]
            .with_user(SUPERUSER_ID)
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", activity_type.id),
                ]
            )
        )
        activities.write({"active": False, "feedback": feedback})
