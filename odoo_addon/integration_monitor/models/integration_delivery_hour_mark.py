"""Up to which attempt ``integration.delivery.hour`` has counted: one row."""

from odoo import api, fields, models
from odoo.tools import SQL

MARK = 1


class IntegrationDeliveryHourMark(models.Model):
    _name = "integration.delivery.hour.mark"
    _description = "Integration Delivery Hour Mark"
    _log_access = False

    counted_to = fields.Integer(readonly=True, required=True, default=0, help="The highest counted attempt.")
    next_to = fields.Integer(readonly=True, required=True, default=0, help="Up to where to count next.")
    # 64 bits, which an integer field of Odoo has not.
    next_xact = fields.Char(
        readonly=True, required=True, default="0", help="Transactions before it must be over first."
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_delivery_hour_mark (id, counted_to, next_to, next_xact)
                VALUES (%s, 0, 0, '0') ON CONFLICT (id) DO NOTHING
                """,
                MARK,
            )
        )

    @api.model
    def _note_limit(self):
        """Note the highest id of now. Ids below it belong to transactions that are over or under way now:
        a report locks its deliveries, and so has its number, before it takes ids of attempts."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery_hour_mark
                   SET next_to = (SELECT COALESCE(max(id), 0) FROM integration_delivery_attempt),
                       next_xact = pg_snapshot_xmax(pg_current_snapshot())::text
                 WHERE id = %s AND next_to <= counted_to
                """,
                MARK,
            )
        )

    @api.model
    def _find_limit(self):
        """Up to where everything is committed that ever will be; None when there is nothing to count yet.

        Count in a transaction that begins after this one: an earlier snapshot may miss what was committed
        last. ``pg_snapshot_xmin`` would wait for the transactions of all databases of the server, and for
        PostgreSQL's own.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT next_to FROM integration_delivery_hour_mark AS mark
                 WHERE id = %s AND next_to > counted_to
                   AND NOT EXISTS (SELECT FROM pg_stat_activity
                                    WHERE datname = current_database() AND backend_type = 'client backend'
                                      AND age(backend_xid) > age(mark.next_xact::xid8::xid))
                """,
                MARK,
            )
        )
        return rows[0][0] if rows else None

    @api.model
    def _read_counted_to(self):
        rows = self.env.execute_query(
            SQL("SELECT counted_to FROM integration_delivery_hour_mark WHERE id = %s", MARK)
        )
        return rows[0][0] if rows else 0

    @api.model
    def _set_counted_to(self, attempt_id):
        self.env.cr.execute(
            SQL("UPDATE integration_delivery_hour_mark SET counted_to = %s WHERE id = %s", attempt_id, MARK)
        )
