"""What a bulk operation has still to do, and what it left alone and why.

The list is made once, for the preview, so that exactly what was counted is done. An item that is done is
deleted in the same transaction, so that nothing is done twice after a crash.
"""

from odoo import fields, models


class IntegrationBulkItem(models.Model):
    _name = "integration.bulk.item"
    _description = "Integration Bulk Operation Item"
    _log_access = False

    operation_id = fields.Many2one("integration.bulk.operation", required=True, ondelete="cascade")
    # A plain number: a foreign key would make every purged delivery look for its items.
    delivery_id = fields.Integer(required=True)
    state = fields.Char(required=True, help="Status of the delivery when it was counted.")
    skip_reason = fields.Char(help="Why it was left alone.")

    _operation_delivery_unique = models.UniqueIndex("(operation_id, delivery_id)")
