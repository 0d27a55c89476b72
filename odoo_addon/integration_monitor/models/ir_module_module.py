"""Uninstalling a module takes the event types along that belong to it or are about its models.

Core alone would trip over their events: types with history would stay and go on sending, models they are
about could not be removed, and the module could not be installed again.
"""

from odoo import models
from odoo.addons.base.models.ir_module import assert_log_admin_access
from odoo.exceptions import UserError

from .delivery_state_machine import OPEN_STATES


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @assert_log_admin_access
    def button_uninstall(self):
        """Refuse as long as deliveries would vanish that nobody has settled.

        :raise UserError: IM_UNINSTALL_REFUSED
        """
        module_names = (self | self.downstream_dependencies()).mapped("name")
        event_types = self.env["integration.event.type"]._find_of_modules(module_names)
        open_count = (
            self.env["integration.delivery"]
            .sudo()
            .search_count([("event_type_id", "in", event_types.ids), ("state", "in", list(OPEN_STATES))])
        )
        if open_count:
            raise UserError(
                self.env._(
                    "IM_UNINSTALL_REFUSED: %(count)s deliveries that wait or failed would be lost with "
                    "%(module)s. Wait until they are delivered, or cancel them under "
                    "Integrations › Deliveries. Then uninstall.",
                    count=open_count,
                    module=", ".join(self.mapped("shortdesc")),
                )
            )
        return super().button_uninstall()

    def module_uninstall(self):
        event_types = self.env["integration.event.type"]._find_of_modules(self.mapped("name"))
        event_types._unlink_with_history()
        return super().module_uninstall()
