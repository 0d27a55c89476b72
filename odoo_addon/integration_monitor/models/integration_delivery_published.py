"""What is on the road: noted when the broker has it, and how long it may stay there."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .delivery_state_machine import DOOR_TRANSITIONS

QUEUE_TIMEOUT_S = 900
# The longest timeout of an endpoint, and a minute for the report.
LAST_ATTEMPT_S = 180


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
    def _queue_timeout_s(self):
        return self.env["ir.config_parameter"]._integration_limit("queue_timeout_s", QUEUE_TIMEOUT_S)

    @api.model
    def _send_before(self, now):
        """Until when a copy that is claimed at ``now`` may be sent.

        A copy may lie on its lane while the endpoint is paused, or behind others of a slow endpoint. Once
        Odoo takes the delivery back and gives it out anew, the old copy must not be sent any more: two
        sidecars would send the same delivery at once, and maybe behind a newer one of its document. So its
        time is over before the queue timeout, early enough for a last attempt and its report.
        """
        timeout_s = self._queue_timeout_s()
        return now + timedelta(seconds=timeout_s - min(LAST_ATTEMPT_S, timeout_s / 2))
