"""Shows on a purchase order whether other systems got it."""

from odoo import models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "integration.document.mixin"]
