"""When a sidecar should ask again, so that nothing waits longer than it must and nobody polls in vain."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..endpoint.pace_rules import BURST_S


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _find_next_due(self, now):
        """When the next waiting delivery or expiring lease becomes due after ``now``; None if nothing waits.

        An endpoint may have to wait itself: for its breaker's next try, or until half a bunch of its rate
        limit is free again (asking for each single delivery would cost too many claims). One index probe per
        endpoint and lane, so a backlog of any size costs the same.

        :return: never before the instant meant, rounded up to the milliseconds that an answer can tell
        """
        ((next_due_at,),) = self.env.execute_query(
            SQL(
                """
                WITH ready AS (
                    SELECT e.id, GREATEST(
                               %(now)s,
                               CASE WHEN e.breaker_state = 'open' THEN e.breaker_probe_at END,
                               CASE WHEN e.rate_limit_per_s > 0 THEN p.full_at - interval '1 second' * floor(
                                   GREATEST(floor(e.rate_limit_per_s::float8 * %(burst_s)s), 1) / 2
                               ) / e.rate_limit_per_s::float8 END
                           ) AS at
                      FROM integration_endpoint e
                 LEFT JOIN integration_endpoint_pace p ON p.endpoint_id = e.id
                     WHERE e.active AND e.state = 'active' AND e.environment_uuid = %(environment_uuid)s
                       AND e.breaker_state <> 'half_open'
                )
                SELECT LEAST(
                    (SELECT min(GREATEST(waiting.next_attempt_at, ready.at))
                       FROM ready
                 CROSS JOIN unnest(ARRAY['urgent', 'batch']) AS l(lane)
                 CROSS JOIN LATERAL (
                        SELECT d.next_attempt_at
                          FROM integration_delivery d
                         WHERE d.endpoint_id = ready.id AND d.lane = l.lane AND d.state = 'pending'
                           AND d.next_attempt_at > CASE WHEN ready.at > %(now)s THEN '-infinity'::timestamp
                                                        ELSE %(now)s END
                           AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
                      ORDER BY d.next_attempt_at
                         LIMIT 1
                    ) waiting),
                    (SELECT min(lease_until) FROM integration_delivery
                      WHERE (state = 'queued' OR lease_until IS NOT NULL)
                        AND state = 'pending' AND lease_until > %(now)s)
                )
                """,
                now=now,
                burst_s=BURST_S,
                environment_uuid=self.env["integration.endpoint"]._current_environment_uuid(),
            )
        )
        if next_due_at is None:
            return None
        return next_due_at + timedelta(microseconds=-next_due_at.microsecond % 1000)
