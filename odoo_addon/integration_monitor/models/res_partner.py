"""Shows on a contact whether other systems got it."""

from odoo import models
from odoo.tools import formatLang


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "integration.document.mixin"]

    def _integration_stakes(self):
        return {partner.id: (partner.id, None, None) for partner in self}

    def _integration_count_words(self):
        if len(self) == 1:
            return [self.env._("1 contact")]
        return [self.env._("%(count)s contacts", count=formatLang(self.env, len(self), digits=0))]
