"""How far a bulk operation is: what its page shows of that, and how chunks write it down."""

from odoo import api, fields, models
from odoo.tools import SQL

SKIP_REASONS_SHOWN = 20


class IntegrationBulkOperation(models.Model):
    _inherit = "integration.bulk.operation"

    done_count = fields.Integer("Done", compute="_compute_counts", aggregator=None)
    skipped_count = fields.Integer(
        "Skipped",
        compute="_compute_counts",
        aggregator=None,
        help="Changed since the preview, or could not be sent.",
    )
    progress = fields.Float(
        compute="_compute_counts", aggregator=None, help="Percent that is done or skipped."
    )
    skip_reasons = fields.Text("Why Skipped", compute="_compute_skip_reasons")

    @api.depends("total_count")
    def _compute_counts(self):
        # sudo: nobody has access to progress rows; these are the operations' own
        rows = self.env["integration.bulk.progress"].sudo().search([("operation_id", "in", self.ids)])
        row_by_operation_id = {row.operation_id.id: row for row in rows}
        for operation in self:
            row = row_by_operation_id.get(operation.id, rows.browse())
            operation.done_count = row.done_count
            operation.skipped_count = row.skipped_count
            settled = row.done_count + row.skipped_count
            operation.progress = 100 * settled / operation.total_count if operation.total_count else 0

    @api.depends("skipped_count")
    def _compute_skip_reasons(self):
        # sudo: nobody has access to items; these are counts of the operation's own
        groups = (
            self.env["integration.bulk.item"]
            .sudo()
            ._read_group(
                [("operation_id", "in", self.ids), ("skip_reason", "!=", False)],
                ["operation_id", "skip_reason"],
                ["__count"],
                order="__count desc",
            )
        )
        lines = {}
        for operation, reason, count in groups:
            lines.setdefault(operation.id, []).append(f"{count:,} × {reason}")
        for operation in self:
            operation.skip_reasons = "\n".join(lines.get(operation.id, ())[:SKIP_REASONS_SHOWN])

    def _settle_items(self, delivery_ids, skipped):
        """Keep what became of these deliveries of the list; only for who holds the lock on the progress row.

        :param list delivery_ids: ascending
        :param dict skipped: delivery id → why it was left alone
        """
        done_ids = [delivery_id for delivery_id in delivery_ids if delivery_id not in skipped]
        self.env.cr.execute(
            SQL(
                "DELETE FROM integration_bulk_item WHERE operation_id = %s AND delivery_id = ANY(%s)",
                self.id,
                done_ids,
            )
        )
        if skipped:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE integration_bulk_item i SET skip_reason = v.reason
                      FROM unnest(%s::int[], %s::text[]) AS v(delivery_id, reason)
                     WHERE i.operation_id = %s AND i.delivery_id = v.delivery_id
                    """,
                    list(skipped),
                    list(skipped.values()),
                    self.id,
                )
            )
        self.env["integration.bulk.item"].invalidate_model(flush=False)
        self._add_progress(delivery_ids[-1], len(done_ids), len(skipped))

    def _add_progress(self, last_id, done_count, skipped_count):
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_bulk_progress
                   SET last_id = %s, done_count = done_count + %s, skipped_count = skipped_count + %s
                 WHERE operation_id = %s
                """,
                last_id,
                done_count,
                skipped_count,
                self.id,
            )
        )
        self.env["integration.bulk.progress"].invalidate_model(flush=False)
        self.invalidate_recordset(["done_count", "skipped_count", "progress", "skip_reasons"])
