"""Limits of the product that an administrator may set as system parameters."""

from odoo import api, models


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _integration_limit(self, name, default):
        """Return the whole number from 1 in ``integration_monitor.<name>``; ``default`` for anything else."""
        value = self.sudo().get_param(f"integration_monitor.{name}")
        is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12
        return int(value) if is_number and int(value) > 0 else default
