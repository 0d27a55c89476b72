"""How long finished deliveries are kept."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

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
