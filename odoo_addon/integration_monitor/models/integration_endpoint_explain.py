"""Why a document was sent to this endpoint, or not."""

from odoo import models


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    def action_explain(self):
        """Ask for a document, and explain why it was sent here, or not."""
        self.ensure_one()
        self.check_access("read")
        return self.env["integration.explain.wizard"]._open(endpoint=self)
