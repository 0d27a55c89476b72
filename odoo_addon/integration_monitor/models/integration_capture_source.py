"""Models whose records decide what is captured or where it goes: their changes make plans out of date."""

import contextlib

from odoo import api, models


class IntegrationCaptureSource(models.AbstractModel):
    _name = "integration.capture.source"
    _description = "Integration Capture Source"

    @api.model_create_multi
    def create(self, vals_list):
        with self._change_plan(any(self._changes_plan(vals) for vals in vals_list)):
            return super().create(vals_list)

    def write(self, vals):
        with self._change_plan(self._changes_plan(vals)):
            return super().write(vals)

    def unlink(self):
        with self._change_plan(True):
            return super().unlink()

    @api.model
    def _changes_plan(self, vals):
        """Whether these values may change what is captured or where it goes."""
        return True

    @contextlib.contextmanager
    def _change_plan(self, is_change):
        """Give the configuration a number of its own during the change, and another one after it.

        A plan that is read in between would otherwise be taken for the one of before, or of after.
        """
        revision = self.env["integration.capture.revision"].sudo()
        if is_change:
            revision._bump()
        yield
        if is_change:
            revision._bump()
