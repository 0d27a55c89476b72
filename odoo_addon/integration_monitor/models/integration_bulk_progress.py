"""How far a bulk operation is.

A row of its own, because each chunk changes it: were it the operation's, a person who presses Stop would
meet the chunk that is being done, and be told to try again.
"""

from odoo import fields, models


class IntegrationBulkProgress(models.Model):
    _name = "integration.bulk.progress"
    _description = "Integration Bulk Operation Progress"
    _log_access = False

    operation_id = fields.Many2one("integration.bulk.operation", required=True, ondelete="cascade")
    last_id = fields.Integer(help="The last delivery that was dealt with.")
    done_count = fields.Integer()
    skipped_count = fields.Integer()

    _operation_unique = models.UniqueIndex("(operation_id)")
