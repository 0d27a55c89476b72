"""How far a bulk operation is.

A row of its own, because each chunk changes it: were it the operation's, a person who presses Stop would
meet the chunk that is being done, and be told to try again.
"""

from odoo import fields, models
from odoo.tools import SQL


class IntegrationBulkProgress(models.Model):
    _name = "integration.bulk.progress"
    _description = "Integration Bulk Operation Progress"
    _log_access = False

    operation_id = fields.Many2one("integration.bulk.operation", required=True, ondelete="cascade")
    last_id = fields.Integer(help="The last delivery that was dealt with.")
    done_count = fields.Integer()
    skipped_count = fields.Integer()

    _operation_unique = models.UniqueIndex("(operation_id)")

    def init(self):
        """Give operations that were begun before there were such rows theirs, from what their lists say."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_bulk_progress (operation_id, last_id, done_count, skipped_count)
                SELECT o.id, COALESCE(max(i.delivery_id) FILTER (WHERE i.skip_reason IS NOT NULL), 0),
                       COALESCE(o.total_count, 0) - count(i.id), count(i.skip_reason)
                  FROM integration_bulk_operation o
             LEFT JOIN integration_bulk_item i ON i.operation_id = o.id
                 WHERE NOT EXISTS (SELECT FROM integration_bulk_progress p WHERE p.operation_id = o.id)
              GROUP BY o.id
                """
            )
        )
