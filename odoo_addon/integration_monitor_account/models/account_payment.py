"""Shows on a payment whether other systems got it."""

from odoo import models


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "integration.document.mixin"]

    def _integration_stakes(self):
        return {
            payment.id: (payment.partner_id.id, payment.amount, payment.currency_id.id) for payment in self
        }
