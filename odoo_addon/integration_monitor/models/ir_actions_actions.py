"""Puts "Why was it sent, or not?" into the Actions menu of every kind of document that events are about.

Not a binding per model: people add event types on any model, and those documents are explained as well.
"""

from odoo import api, models

from .group_names import GROUP_USER

EXPLAIN_ACTION = "integration_monitor.integration_explain_wizard_action"


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        bindings = super().get_bindings(model_name)
        if self._is_explained(model_name) and (
            action := self.env.ref(EXPLAIN_ACTION, raise_if_not_found=False)
        ):
            # sudo: as Odoo reads bound actions
            [values] = action.sudo().read(["name", "binding_view_types"])
            bindings["action"] = [*bindings.get("action", ()), values]
        return bindings

    @api.model
    def _is_explained(self, model_name):
        """Whether there are events about this model that are the user's business."""
        if not self.env.user._is_internal():
            return False
        domain = [("model_name", "=", model_name)]
        if not self.env.user.has_group(GROUP_USER):
            mine = self.env["integration.delivery"]._my_business_domains()
            domain.append(("business_domain", "in", list(mine)))
        # sudo: staff has no access to the catalogue
        event_types = self.env["integration.event.type"].sudo().with_context(active_test=False)
        return bool(event_types.search_count(domain, limit=1))
