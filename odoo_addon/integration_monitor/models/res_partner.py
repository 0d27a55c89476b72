"""Shows on a contact whether other systems got it."""

from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "integration.document.mixin"]

    def _integration_stakes(self):
        return {partner.id: (partner.id, None, None) for partner in self}
