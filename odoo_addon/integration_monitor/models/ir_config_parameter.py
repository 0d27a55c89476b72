"""Limits of the product that an administrator may set as system parameters."""

from odoo import api, models

from ..capture.capture_plan import BYTES_MAX_NAME

PREFIX = "integration_monitor."


class IrConfigParameter(models.Model):
    _name = "ir.config_parameter"
    _inherit = ["ir.config_parameter", "integration.capture.source"]

    @api.model
    def _changes_plan(self, vals):
        return PREFIX + BYTES_MAX_NAME in (vals.get("key"), *self.mapped("key"))

    @api.model
    def _integration_limit(self, name, default):
        """Return the whole number from 1 in ``integration_monitor.<name>``; ``default`` for anything else."""
        value = self._read_uncached(PREFIX + name)
        is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12
        return int(value) if is_number and int(value) > 0 else default

    @api.model
    def _read_uncached(self, key):
        """Return the value that this transaction sees; None where there is none.

        Core empties its cache before the change is committed. Who reads in between puts the old value back,
        and the process keeps it until another parameter changes.
        """
        self.flush_model(["key", "value"])
        self.env.cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
        row = self.env.cr.fetchone()
        return row and row[0]
