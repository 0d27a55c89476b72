"""Deleting what is over and old; what is waiting or failed is never deleted."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .delivery_state_machine import PURGEABLE_STATES

RETENTION_DAYS = 90
PURGE_BATCH = 1000


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _cron_purge(self):
        """Delete finished deliveries older than the retention, and events without deliveries."""
        purge_before = fields.Datetime.now() - timedelta(days=self._retention_days())
        for purge in (self._purge_deliveries, self._purge_events):
            purged = PURGE_BATCH
            while purged == PURGE_BATCH:
                purged = purge(purge_before)
                # Each batch is committed, so a long purge neither locks nor starts over.
                if not self.env["ir.cron"]._commit_progress(purged):
                    # Out of time: one more to do makes Odoo come back soon.
                    self.env["ir.cron"]._commit_progress(remaining=1)
                    return

    @api.model
    def _purge_deliveries(self, purge_before):
        """Delete one batch; attempts and transitions go with their deliveries (ON DELETE CASCADE)."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM integration_delivery
                 WHERE id IN (
                    SELECT id FROM integration_delivery
                     WHERE state IN ('delivered', 'acknowledged', 'cancelled', 'superseded', 'expired')
                       AND state = ANY(%(states)s) AND state_changed_at < %(purge_before)s
                  ORDER BY state_changed_at
                     LIMIT %(batch)s
                       FOR UPDATE SKIP LOCKED
                 )
             RETURNING id
                """,
                states=list(PURGEABLE_STATES),
                purge_before=purge_before,
                batch=PURGE_BATCH,
            )
        )
        self._purge_comments([row[0] for row in rows])
        self.env.invalidate_all()
        return len(rows)

    @api.model
    def _purge_events(self, purge_before):
        """Delete one batch of old events that nobody subscribed to or whose deliveries are gone.

        Erroneous ones too: while somebody may still retry them, they have a failed delivery.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM integration_event
                 WHERE id IN (
                    SELECT e.id FROM integration_event e
                     WHERE e.state <> 'captured' AND e.recorded_at < %(purge_before)s
                       AND NOT EXISTS (SELECT FROM integration_delivery d WHERE d.event_id = e.id)
                  ORDER BY e.id
                     LIMIT %(batch)s
                       FOR UPDATE OF e SKIP LOCKED
                 )
             RETURNING id
                """,
                purge_before=purge_before,
                batch=PURGE_BATCH,
            )
        )
        self.env.invalidate_all()
        return len(rows)

    @api.model
    def _retention_days(self):
        return self.env["ir.config_parameter"]._integration_limit("retention_days", RETENTION_DAYS)
