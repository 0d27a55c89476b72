"""Shows on a purchase order whether other systems got it."""

from odoo import models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "integration.document.mixin"]

    def _integration_stakes(self):
        return {order.id: (order.partner_id.id, order.amount_total, order.currency_id.id) for order in self}
