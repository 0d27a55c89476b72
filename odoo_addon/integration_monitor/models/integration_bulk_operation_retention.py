"""How long bulk operations are kept."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

DRAFT_DAYS = 1


class IntegrationBulkOperation(models.Model):
    _inherit = "integration.bulk.operation"

    @api.autovacuum
    def _gc_operations(self):
        """Delete previews that nobody started, and operations that were over before the retention time."""
        now = fields.Datetime.now()
        kept_since = now - timedelta(days=self.env["integration.delivery"]._retention_days())
        drafts = Domain("state", "=", "draft") & Domain("create_date", "<", now - timedelta(days=DRAFT_DAYS))
        done = Domain("state", "=", "done") & Domain("finished_at", "<", kept_since)
        # Nobody went on with it, and most of what it lists is deleted by now.
        stopped = Domain("state", "=", "stopped") & Domain("write_date", "<", kept_since)
        self.search(drafts | done | stopped).unlink()
