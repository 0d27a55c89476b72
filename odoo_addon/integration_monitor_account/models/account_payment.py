"""Shows on a payment whether other systems got it."""

from odoo import models
from odoo.tools import formatLang


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "integration.document.mixin"]

    def _integration_stakes(self):
        return {
            payment.id: (payment.partner_id.id, payment.amount, payment.currency_id.id) for payment in self
        }

    def _integration_count_words(self):
        if len(self) == 1:
            return [self.env._("1 payment")]
        return [self.env._("%(count)s payments", count=formatLang(self.env, len(self), digits=0))]
