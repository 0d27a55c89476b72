"""Shows on a payment whether other systems got it."""

from odoo import models


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "integration.document.mixin"]
