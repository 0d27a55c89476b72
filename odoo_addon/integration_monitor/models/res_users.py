"""A preference of every user: the daily summary by e-mail."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    integration_digest = fields.Boolean(
        "Daily Integration Summary",
        help="In the morning, an e-mail with what waits for you: how many deliveries, and how much money is "
        "at stake. Nothing is sent when nothing waits.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "integration_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "integration_digest"]
