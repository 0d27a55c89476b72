"""What a delivery carries, for those who see events."""

from odoo import fields, models


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    # sudo: deliveries of one's companies show their events whatever the default of related fields is;
    # the group keeps staff out, because an event may tell more than the document shows them.
    content = fields.Text(
        "What Was Sent",
        related="event_id.content",
        related_sudo=True,
        groups="integration_monitor.group_user",
    )
