"""Deliveries that waited too long to be worth sending become ``expired``, which people see and may undo."""

from odoo import api, models
from odoo.tools import SQL

from .delivery_state_machine import ODOO_TRANSITIONS

EXPIRY_BATCH = 1000


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _expire_old(self, now):
        """Expire what is older than its endpoint's maximum age: one statement, at most a batch per call.

        Only for endpoints that send: while a person has paused one, nothing of it is lost. What is on the
        road, or leased to a worker, is left to its outcome.

        A replay that is too old is over, but was delivered before and stays so.

        :return: the expired deliveries
        """
        self.env.cr.execute(
            SQL(
                """
                WITH old AS (
                    SELECT d.id
                      FROM integration_endpoint e
                CROSS JOIN LATERAL (
                        SELECT p.id
                          FROM integration_delivery p
                         WHERE p.endpoint_id = e.id AND p.state = 'pending'
                           AND p.waiting_since < %(now)s - e.max_age_hours * interval '1 hour'
                           AND (p.lease_until IS NULL OR p.lease_until <= %(now)s)
                      ORDER BY p.waiting_since
                         LIMIT %(batch)s
                    ) d
                     WHERE e.max_age_hours > 0 AND e.active AND e.state = 'active'
                       AND e.environment_uuid = %(environment_uuid)s
                     LIMIT %(batch)s
                ), locked AS (
                    SELECT d.id
                      FROM integration_delivery d
                     WHERE d.id = ANY(ARRAY(SELECT id FROM old)) AND d.state = ANY(%(allowed_from)s)
                       FOR UPDATE OF d SKIP LOCKED
                )
                UPDATE integration_delivery d
                   SET state = CASE WHEN d.first_delivered_at IS NULL THEN 'expired' ELSE 'delivered' END,
                       delivered_at = d.first_delivered_at,
                       last_error = CASE WHEN d.first_delivered_at IS NULL THEN d.last_error END,
                       failure_class = CASE WHEN d.first_delivered_at IS NULL THEN d.failure_class END,
                       next_attempt_at = NULL,
                       lease_worker = NULL, lease_until = NULL,
                       state_changed_at = %(now)s, state_changed_by = NULL, state_reason = %(reason)s
                 WHERE d.id = ANY(ARRAY(SELECT id FROM locked))
             RETURNING d.id
                """,
                now=now,
                batch=EXPIRY_BATCH,
                environment_uuid=self.env["integration.endpoint"]._current_environment_uuid(),
                allowed_from=list(ODOO_TRANSITIONS["expired"]),
                reason=self.env._("It waited longer than the endpoint's maximum age."),
            ),
            log_exceptions=False,
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())
