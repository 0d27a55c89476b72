"""Shows on an invoice or bill whether other systems got it."""

from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "integration.document.mixin"]

    def _integration_stakes(self):
        return {move.id: (move.partner_id.id, move.amount_total, move.currency_id.id) for move in self}
