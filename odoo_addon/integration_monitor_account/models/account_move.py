"""Shows on an invoice or bill whether other systems got it."""

from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "integration.document.mixin"]
