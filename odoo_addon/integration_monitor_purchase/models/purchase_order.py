"""Shows on a purchase order whether other systems got it."""

from odoo import models
from odoo.tools import formatLang


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "integration.document.mixin"]

    def _integration_stakes(self):
        return {order.id: (order.partner_id.id, order.amount_total, order.currency_id.id) for order in self}

    def _integration_count_words(self):
        if len(self) == 1:
            return [self.env._("1 purchase order")]
        return [self.env._("%(count)s purchase orders", count=formatLang(self.env, len(self), digits=0))]
