"""How long finished deliveries are kept, and when cases are escalated."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .integration_delivery_escalation import ESCALATE_AFTER_HOURS, NEVER
from .integration_delivery_retention import RETENTION_DAYS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    integration_retention_days = fields.Integer(
        "Keep Finished Deliveries (days)",
        default=RETENTION_DAYS,
        config_parameter="integration_monitor.retention_days",
        help="Deliveries that are delivered, cancelled, superseded or expired are deleted after this many "
        "days, with their attempts and events. Waiting and failed ones are never deleted.",
    )

    integration_escalate_after_hours = fields.Selection(
        [
            ("1", "1 hour"),
            ("4", "4 hours"),
            ("8", "8 hours"),
            ("24", "1 day"),
            ("72", "3 days"),
            ("168", "1 week"),
            (NEVER, "Never"),
        ],
        "Escalate Cases After",
        default=ESCALATE_AFTER_HOURS,
        config_parameter="integration_monitor.escalate_after_hours",
        help="When an exception has waited for so long, the person below is told, once.",
    )
    integration_escalation_user_id = fields.Many2one(
        "res.users",
        "Escalate To",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("integration_monitor.group_user").ids),
        ],
        config_parameter="integration_monitor.escalation_user_id",
        help="Who is told of cases that wait for too long. Empty: the owner of the endpoint.",
    )

    @api.constrains("integration_retention_days")
    def _check_integration_retention_days(self):
        for settings in self:
            if settings.integration_retention_days < 1:
                raise ValidationError(
                    self.env._(
                        "IM_RETENTION_INVALID: finished deliveries must be kept for at least 1 day, got "
                        "%(days)s. Example: 90",
                        days=settings.integration_retention_days,
                    )
                )
