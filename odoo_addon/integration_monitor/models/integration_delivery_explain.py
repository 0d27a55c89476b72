"""Why this delivery came to be, and what became of it."""

from odoo import models


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def action_explain(self):
        """Open the explanation of this delivery: rule by rule, with what is on record.

        :raise AccessError: for people who may not see it
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["integration.explain.wizard"]._open(delivery=self)
