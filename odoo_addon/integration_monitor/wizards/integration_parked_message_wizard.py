"""Asks what was found out before a parked message is resolved, because that stays with it."""

from odoo import Command, api, fields, models


class IntegrationParkedMessageWizard(models.TransientModel):
    _name = "integration.parked.message.wizard"
    _description = "Resolve parked messages"

    message_ids = fields.Many2many(
        "integration.parked.message",
        "integration_parked_message_wizard_rel",
        string="Messages",
        required=True,
    )
    note = fields.Char(
        "What Was Done",
        required=True,
        help="What was found out or done; stays visible on each message, with your name and the time.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "message_ids" in fields and self.env.context.get("active_model") == "integration.parked.message":
            values["message_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    def action_confirm(self):
        """Resolve the messages; each one checks whether the user may."""
        for wizard in self:
            wizard.message_ids.action_resolve(wizard.note)
        return {"type": "ir.actions.act_window_close"}
