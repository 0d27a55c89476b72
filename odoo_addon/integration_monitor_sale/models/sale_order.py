"""Shows on a sales order whether other systems got it."""

from odoo import models
from odoo.tools import formatLang


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "integration.document.mixin"]

    def _integration_stakes(self):
        return {order.id: (order.partner_id.id, order.amount_total, order.currency_id.id) for order in self}

    def _integration_count_words(self):
        if len(self) == 1:
            return [self.env._("1 sales order")]
        return [self.env._("%(count)s sales orders", count=formatLang(self.env, len(self), digits=0))]
