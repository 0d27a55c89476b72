"""What a delivery tells about its event."""

from odoo import fields, models


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    # sudo: staff may know who caused the event, but not open events.
    actor_id = fields.Many2one("res.users", "Done By", related="event_id.actor_id", related_sudo=True)
    # sudo: staff may know that there is a mapping, but not open subscriptions.
    is_mapped = fields.Boolean(related="subscription_id.is_mapped", related_sudo=True)
    # The group keeps staff out, because an event may tell more than the document shows them.
    content = fields.Text(
        "What Was Sent",
        related="event_id.content",
        related_sudo=True,
        groups="integration_monitor.group_user",
    )
