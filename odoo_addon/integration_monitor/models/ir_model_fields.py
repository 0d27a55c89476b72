"""Fields come and go: plans follow, and a watched one that goes does not turn "it changed" into "all did"."""

from odoo import api, models
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.model_create_multi
    def create(self, vals_list):
        with self._change_integration_plan():
            return super().create(vals_list)

    def write(self, vals):
        with self._change_integration_plan():
            return super().write(vals)

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
        with self._change_integration_plan():
            return super().unlink()

    @api.model
    def _change_integration_plan(self):
        """A plan tells field lists and conditions with the fields that there were.

        Uninstalling a module ends with new registries, so with new plans, and may take our own tables along.
        """
        is_change = not self.env.context.get(MODULE_UNINSTALL_FLAG)
        return self.env["integration.capture.source"]._change_plan(is_change)
