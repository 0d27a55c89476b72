"""Shows on a product whether other systems got it."""

from odoo import models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "integration.document.mixin"]
