"""Where only the latest event of a record counts, nothing older is sent again once there is newer news."""

from odoo import models
from odoo.tools import SQL

from ..capture.event_rows import lock_records
from .replay_rules import HAS_NEWER, IS_LATEST_ONLY


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def _find_outdated(self):
        """Those of these deliveries that must not be sent again, because a newer one took their place.

        What waits already is not asked: newer news supersedes it by itself. Whoever records an event of one
        of the records where only the latest counts waits until this transaction is over, and what was
        recorded since it began is seen by a second look with a connection of its own. So nothing newer can
        come between this answer and the sending.
        """
        candidates = self.filtered(lambda d: d.state != "pending")
        if not candidates:
            return candidates
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT d.id, d.event_id FROM integration_delivery d WHERE d.id = ANY(%s) AND %s",
                list(candidates._ids),
                IS_LATEST_ONLY,
            )
        )
        if not rows:
            return self.browse()
        lock_records(self.env.cr, SQL("id = ANY(%s)", [row[1] for row in rows]))
        has_newer = SQL(
            "SELECT d.id FROM integration_delivery d WHERE d.id = ANY(%s) AND %s",
            [row[0] for row in rows],
            HAS_NEWER,
        )
        outdated = {row[0] for row in self.env.execute_query(has_newer)}
        with self.env.registry.cursor() as now:
            now.execute(has_newer)
            outdated.update(row[0] for row in now.fetchall())
        return candidates.filtered(lambda d: d.id in outdated)

    def _explain_outdated(self):
        return self.env._("A newer event of the same record counts, and this endpoint wants the latest.")
