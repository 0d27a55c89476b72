"""Shows on an invoice or bill whether other systems got it."""

from odoo import models
from odoo.tools import formatLang


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "integration.document.mixin"]

    def _integration_stakes(self):
        return {move.id: (move.partner_id.id, move.amount_total, move.currency_id.id) for move in self}

    def _integration_count_words(self):
        phrases = []
        for move_type, count in self._read_group([("id", "in", self.ids)], ["move_type"], ["__count"]):
            number = formatLang(self.env, count, digits=0)
            one, many = {
                "out_invoice": (self.env._("1 invoice"), self.env._("%(count)s invoices", count=number)),
                "in_invoice": (self.env._("1 bill"), self.env._("%(count)s bills", count=number)),
                "out_refund": (
                    self.env._("1 credit note"),
                    self.env._("%(count)s credit notes", count=number),
                ),
                "in_refund": (self.env._("1 refund"), self.env._("%(count)s refunds", count=number)),
            }.get(
                move_type,
                (self.env._("1 journal entry"), self.env._("%(count)s journal entries", count=number)),
            )
            phrases.append(one if count == 1 else many)
        return phrases
