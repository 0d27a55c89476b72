"""Where only the latest counts: an attempt that failed is not repeated once there is newer news."""

from odoo import models
from odoo.tools import SQL

from .delivery_state_machine import ODOO_TRANSITIONS


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def _supersede_overtaken(self):
        """Supersede those of these deliveries that wait or failed although a newer one of the record exists.

        Newer events supersede what waits when they are recorded; what was on the road then is asked here,
        when its attempt is over. Nobody is in the way of the newer one any more. A replay that was overtaken
        has been delivered before and stays so.

        :return: the superseded deliveries
        """
        if not self:
            return self
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery d
                   SET state = CASE WHEN d.first_delivered_at IS NULL THEN 'superseded' ELSE 'delivered' END,
                       delivered_at = d.first_delivered_at,
                       last_error = CASE WHEN d.first_delivered_at IS NULL THEN d.last_error END,
                       failure_class = CASE WHEN d.first_delivered_at IS NULL THEN d.failure_class END,
                       next_attempt_at = NULL, lease_worker = NULL, lease_until = NULL,
                       state_changed_at = %(now)s, state_changed_by = NULL, state_reason = %(reason)s
                  FROM integration_subscription s
                 WHERE d.id = ANY(%(ids)s) AND d.state = ANY(%(allowed_from)s)
                   AND s.id = d.subscription_id AND s.ordering = 'latest_only'
                   AND EXISTS (
                       SELECT FROM integration_delivery newer
                        WHERE newer.endpoint_id = d.endpoint_id AND newer.event_type_id = d.event_type_id
                          AND newer.res_model = d.res_model AND newer.res_id = d.res_id
                          AND newer.sequence > d.sequence AND newer.is_test IS NOT TRUE
                          AND newer.state IN ('pending', 'queued', 'delivered', 'acknowledged')
                   )
             RETURNING d.id
                """,
                ids=self.ids,
                allowed_from=list(ODOO_TRANSITIONS["superseded"]),
                now=self._now(),
                reason=self.env._("A newer event of the same record replaced it."),
            ),
            log_exceptions=False,
        )
        superseded = self.browse(row[0] for row in self.env.cr.fetchall())
        superseded.invalidate_recordset()
        return superseded
