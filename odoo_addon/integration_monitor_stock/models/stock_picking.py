"""Shows on a transfer whether other systems got it."""

from odoo import models
from odoo.tools import formatLang


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "integration.document.mixin"]

    def _integration_stakes(self):
        stakes = {}
        for picking in self:
            worth = picking._integration_worth()
            stakes[picking.id] = (picking.partner_id.id, worth, worth and picking.company_id.currency_id.id)
        return stakes

    def _integration_worth(self):
        """What the goods cost, in the company's currency; None where no cost is known.

        Moves and products are in memory, because the event tells of them; costs come with one read for all.
        """
        moves = self.move_ids.filtered(lambda move: move.state != "cancel").with_company(self.company_id)
        costs = (
            move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, round=False)
            * move.product_id.standard_price
            for move in moves
        )
        return sum(costs) or None

    def _integration_count_words(self):
        if len(self) == 1:
            return [self.env._("1 transfer")]
        return [self.env._("%(count)s transfers", count=formatLang(self.env, len(self), digits=0))]
