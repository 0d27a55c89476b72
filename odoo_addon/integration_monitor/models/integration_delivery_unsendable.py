"""Claimed deliveries whose event cannot be written down: a person has to look, the others go on."""

from odoo import api, models
from odoo.tools import SQL

from .delivery_state_machine import DOOR_TRANSITIONS


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _fail_unsendable(self, fault_by_id):
        """Make exceptions of these deliveries, which were claimed just now. No attempt is counted.

        Their events become erroneous, so that a retry renders them anew or says what is still missing.

        :param dict fault_by_id: ``{delivery id: kind of fault}``
        """
        if not fault_by_id:
            return
        reason = self.env._(
            "The stored event is incomplete, so it could not be written down for sending. Ask an integration "
            "administrator to look at the event, then retry."
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH unsendable AS (
                    UPDATE integration_delivery
                       SET state = 'failed', failure_class = 'payload', last_error = %(reason)s,
                           next_attempt_at = NULL, lease_worker = NULL, lease_until = NULL,
                           state_changed_at = %(now)s, state_changed_by = NULL, state_reason = NULL
                     WHERE id = ANY(%(ids)s) AND state = ANY(%(allowed_from)s)
                 RETURNING id, event_id
                ), erroneous AS (
                    UPDATE integration_event e SET state = 'error', error = %(reason)s
                      FROM unsendable WHERE e.id = unsendable.event_id
                )
                SELECT id FROM unsendable
                """,
                reason=reason,
                now=self._now(),
                ids=list(fault_by_id),
                allowed_from=list(DOOR_TRANSITIONS["failed"]),
            )
        )
        failed = self.browse(row[0] for row in self.env.cr.fetchall())
        self.invalidate_model()
        self.env["integration.event"].invalidate_model()
        failed._announce_changes()
        failed._fill_responsibles()
        failed._schedule_activities()
