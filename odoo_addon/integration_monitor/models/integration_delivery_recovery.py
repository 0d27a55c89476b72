"""What waits for a retry because its endpoint was out of service goes out when the endpoint answers again."""

from odoo import api, models
from odoo.tools import SQL

from ..endpoint.breaker_rules import ILL_CLASSES
from .delivery_state_machine import ODOO_TRANSITIONS


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _bring_forward(self, endpoints):
        """Make retries of these recovered endpoints due now, where the outage is what they wait for.

        The waits were meant to spare an endpoint that does not answer; it answers now. Window and rate limit
        pace what follows, and no attempt is counted. One that was throttled keeps the wait it was asked for.
        """
        if not endpoints:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH waiting AS (
                    SELECT id FROM integration_delivery
                     WHERE endpoint_id = ANY(%(endpoint_ids)s) AND state = 'pending'
                       AND state = ANY(%(allowed_from)s)
                       AND next_attempt_at > %(now)s AND failure_class = ANY(%(ill_classes)s)
                       AND lease_until IS NULL
                       FOR NO KEY UPDATE SKIP LOCKED
                )
                UPDATE integration_delivery SET next_attempt_at = %(now)s
                 WHERE id = ANY(ARRAY(SELECT id FROM waiting))
                """,
                endpoint_ids=endpoints.ids,
                allowed_from=list(ODOO_TRANSITIONS["pending"]),
                now=self._now(),
                ill_classes=sorted(ILL_CLASSES),
            ),
            log_exceptions=False,
        )
        self.invalidate_model(["next_attempt_at"])
