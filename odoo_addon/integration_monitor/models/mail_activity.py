"""Lets an activity on a document say which endpoint's failure it is about."""

from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    integration_endpoint_id = fields.Many2one(
        "integration.endpoint",
        "Failing Endpoint",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="integration_monitor.group_user",
    )
