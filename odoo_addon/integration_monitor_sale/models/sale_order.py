"""Shows on a sales order whether other systems got it."""

from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "integration.document.mixin"]

    def _integration_stakes(self):
        return {order.id: (order.partner_id.id, order.amount_total, order.currency_id.id) for order in self}
