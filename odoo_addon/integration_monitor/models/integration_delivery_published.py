"""What is on the road: confirmed by the broker, and taken back when the broker lost it."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .delivery_state_machine import DOOR_TRANSITIONS

QUEUE_TIMEOUT_S = 900


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _mark_published(self, delivery_ids, attempt_numbers):
        """Turn leases into ``queued``, because the broker confirmed these messages.

        :return: ids of the deliveries that are queued now; a delivery that a person cancelled or a report
            overtook meanwhile is not among them
        """
        self.env.flush_all()
        now = self._now()
        self.env.cr.execute(
            SQL(
                """
                WITH claim AS (
                    SELECT DISTINCT *
                      FROM unnest(%(ids)s::int[], %(numbers)s::int[]) AS c(delivery_id, attempt_number)
                ), locked AS (
                    SELECT d.id
                      FROM integration_delivery d
                      JOIN claim ON claim.delivery_id = d.id AND claim.attempt_number = d.attempt_count + 1
                     WHERE d.state = ANY(%(allowed_from)s) AND d.lease_until IS NOT NULL
                  ORDER BY d.id
                       FOR UPDATE OF d
                )
                UPDATE integration_delivery d
                   SET state = 'queued', queued_at = %(now)s, lease_worker = NULL, lease_until = NULL,
                       state_changed_at = %(now)s, state_changed_by = NULL, state_reason = NULL
                  FROM locked
                 WHERE d.id = locked.id
             RETURNING d.id
                """,
                ids=delivery_ids,
                numbers=attempt_numbers,
                now=now,
                allowed_from=list(DOOR_TRANSITIONS["queued"]),
            ),
            # A report may overtake this call: Odoo repeats it, and that is no error.
            log_exceptions=False,
        )
        rows = self.env.cr.fetchall()
        self.invalidate_model()
        return sorted(row[0] for row in rows)

    @api.model
    def _requeue_stranded(self, now):
        """Make deliveries due again that the broker has had for too long.

        A broker that lost its data would otherwise strand them for ever. The attempt number stays, so a late
        report of the first copy still counts, and the second copy's report is then stale.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery
                   SET state = 'pending', next_attempt_at = %(now)s, queued_at = NULL,
                       lease_worker = NULL, lease_until = NULL,
                       state_changed_at = %(now)s, state_changed_by = NULL,
                       state_reason = %(reason)s
                 WHERE state = 'queued' AND queued_at < %(queued_before)s AND state = ANY(%(allowed_from)s)
                """,
                now=now,
                queued_before=now - timedelta(seconds=self._queue_timeout_s()),
                allowed_from=list(DOOR_TRANSITIONS["pending"]),
                reason=self.env._("It got lost on the way or took too long, so it is sent again."),
            ),
            log_exceptions=False,
        )

    @api.model
    def _queue_timeout_s(self):
        value = self.env["ir.config_parameter"].sudo().get_param("integration_monitor.queue_timeout_s")
        return int(value) if value and value.isdigit() and int(value) > 0 else QUEUE_TIMEOUT_S
