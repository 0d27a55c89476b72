"""A watched field that goes must not turn "one of these changed" into "anything changed"."""

from odoo import models


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    def unlink(self):
        # sudo: who deletes a field need not know the catalogue; archived types may be restored later
        watching = (
            self.env["integration.event.type"]
            .sudo()
            .with_context(active_test=False)
            .search([("trigger_field_ids", "in", self.ids)])
        )
        blind = watching.filtered(lambda event_type: not event_type.trigger_field_ids - self)
        blind.active = False
        return super().unlink()
