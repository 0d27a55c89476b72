"""Replaying what an endpoint took in a time range."""

from odoo import models
from odoo.exceptions import AccessError

from .group_names import GROUP_OPERATOR


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    def action_replay(self):
        """Ask for the time range to replay.

        :raise AccessError: IM_REPLAY_NOT_ALLOWED
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_replay()
        return self.env["integration.bulk.wizard"].create({"endpoint_id": self.id})._reopen()

    def _check_may_replay(self):
        """:raise AccessError: IM_REPLAY_NOT_ALLOWED"""
        if not (self.env.su or self.env.user.has_group(GROUP_OPERATOR)):
            raise AccessError(
                self.env._(
                    "IM_REPLAY_NOT_ALLOWED: only integration operators may replay a time range. Ask one, or "
                    "replay single deliveries of documents that you may edit."
                )
            )
