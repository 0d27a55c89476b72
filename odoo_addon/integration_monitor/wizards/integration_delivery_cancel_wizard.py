"""Asks why before deliveries are cancelled, because the reason stays with them."""

from odoo import Command, api, fields, models


class IntegrationDeliveryCancelWizard(models.TransientModel):
    _name = "integration.delivery.cancel.wizard"
    _description = "Don't send deliveries"

    delivery_ids = fields.Many2many("integration.delivery", string="Deliveries", required=True)
    delivery_count = fields.Integer(compute="_compute_delivery_count")
    reason = fields.Char(
        required=True,
        help="Stays visible on each cancelled delivery, with your name and the time.",
    )

    @api.depends("delivery_ids")
    def _compute_delivery_count(self):
        for wizard in self:
            wizard.delivery_count = len(wizard.delivery_ids)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "delivery_ids" in fields and self.env.context.get("active_model") == "integration.delivery":
            values["delivery_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    def action_confirm(self):
        """Cancel the deliveries; each one checks whether the user may."""
        for wizard in self:
            wizard.delivery_ids.action_cancel(wizard.reason)
        return {"type": "ir.actions.act_window_close"}
