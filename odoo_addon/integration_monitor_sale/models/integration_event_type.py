"""Says whose business the sales events are."""

from odoo import api, models


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    @api.model
    def _business_groups(self):
        return super()._business_groups() | {"sales": "sales_team.group_sale_salesman"}
