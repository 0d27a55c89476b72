"""Shows on a product variant whether other systems got it.

A variant has deliveries of its own: without the mixin it would show those of its product.
"""

from odoo import models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "integration.document.mixin"]
