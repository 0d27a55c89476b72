"""Shows on a transfer whether other systems got it."""

from odoo import models
from odoo.tools import formatLang


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "integration.document.mixin"]

    def _integration_stakes(self):
        # What the goods are worth would have to be asked of the database, move by move.
        return {picking.id: (picking.partner_id.id, None, None) for picking in self}

    def _integration_count_words(self):
        if len(self) == 1:
            return [self.env._("1 transfer")]
        return [self.env._("%(count)s transfers", count=formatLang(self.env, len(self), digits=0))]
