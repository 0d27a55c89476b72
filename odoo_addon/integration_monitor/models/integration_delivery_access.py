"""What belongs to a delivery is seen by whoever may see the delivery, and written by nobody."""

from odoo import api, fields, models
from odoo.fields import Domain


class IntegrationDeliveryAccess(models.AbstractModel):
    """Rights of attempts and transitions: exactly those of their delivery."""

    _name = "integration.delivery.access"
    _description = "Integration Delivery Access"

    delivery_id = fields.Many2one(
        "integration.delivery", "Delivery", required=True, readonly=True, index=True, ondelete="cascade"
    )

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False, **kwargs
    ):
        if not (self.env.su or bypass_access):
            visible = self.env["integration.delivery"]._search([], active_test=active_test)
            domain = Domain(domain) & Domain("delivery_id", "any!", visible)
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access, **kwargs
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or not any(self._ids):
            return result
        # sudo: only to read which delivery a row belongs to
        visible = self.sudo().delivery_id.with_env(self.env)._filtered_access("read")
        forbidden = self.filtered(lambda row: row.sudo().delivery_id.id not in visible._ids)
        if forbidden:
            make_error = self.env["ir.rule"]._make_access_error
            return forbidden, lambda: make_error(operation, forbidden)
        return None
