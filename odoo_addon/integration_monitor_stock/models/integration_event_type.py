"""Says whose business the inventory events are."""

from odoo import api, models


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    @api.model
    def _business_groups(self):
        return super()._business_groups() | {"inventory": "stock.group_stock_user"}
