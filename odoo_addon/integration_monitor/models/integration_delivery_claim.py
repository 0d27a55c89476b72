"""Giving due deliveries to a sidecar: in order, within every endpoint's window, each to one worker only."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .integration_claim_gate import GATE_BUSY_ERRORS

LEASE_S = 60
BUSY_RETRY_MS = 50


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _claim_due(self, worker, limit, credits_by_endpoint):
        """Lease up to ``limit`` due deliveries to ``worker``.

        :param dict credits_by_endpoint: ``{endpoint_id: most to give}``; a missing endpoint has no such limit
        :return: ``(claimed rows as dicts in the order to send, next instant something becomes due or None)``
        """
        now = self._now()
        try:
            # A savepoint, because PostgreSQL refuses every later statement of a transaction after an error.
            with self.env.cr.savepoint():
                self.env["integration.claim.gate"]._take()
                self.env["integration.event"]._complete_orphans()
                self.env.flush_all()
                self._requeue_stranded(now)
                rows = self._lease_due(worker, limit, credits_by_endpoint, now)
        except GATE_BUSY_ERRORS:
            # Another claim, or a person changing one of these deliveries, was faster. Nothing is leased.
            return [], now + timedelta(milliseconds=BUSY_RETRY_MS)
        self.invalidate_model()
        return rows, self._find_next_due(now)

    @api.model
    def _lease_due(self, worker, limit, credits_by_endpoint, now):
        """The claim itself, one statement.

        ``candidate`` ranks before ``locked`` locks, because PostgreSQL knows no window function together
        with FOR UPDATE. Endpoints take turns by rank, so a backlog of one never starves another.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH in_flight AS (
                    SELECT endpoint_id, count(*) AS used
                      FROM integration_delivery
                     WHERE (state = 'queued' OR lease_until IS NOT NULL)
                       AND (state = 'queued' OR lease_until > %(now)s)
                  GROUP BY endpoint_id
                ), room AS (
                    SELECT e.id, e.after_failure,
                           LEAST(
                               e."window" - COALESCE(f.used, 0), COALESCE(c.credit, %(limit)s), %(limit)s
                           ) AS free
                      FROM integration_endpoint e
                 LEFT JOIN in_flight f ON f.endpoint_id = e.id
                 LEFT JOIN unnest(%(credit_ids)s::int[], %(credits)s::int[]) AS c(endpoint_id, credit)
                        ON c.endpoint_id = e.id
                     WHERE e.active AND e.state = 'active' AND e.environment_uuid = %(environment_uuid)s
                ), candidate AS (
                    SELECT due.*,
                           row_number() OVER (
                               PARTITION BY due.endpoint_id
                               ORDER BY due.lane DESC, due.next_attempt_at, due.sequence, due.id
                           ) AS rank
                      FROM room
                CROSS JOIN LATERAL (
                        SELECT d.id, d.endpoint_id, d.lane, d.next_attempt_at, d.sequence
                          FROM integration_delivery d
                         WHERE d.endpoint_id = room.id AND d.state = 'pending'
                           AND d.next_attempt_at <= %(now)s
                           AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
                           AND NOT EXISTS (
                               SELECT FROM integration_delivery earlier
                                WHERE earlier.endpoint_id = d.endpoint_id AND earlier.res_model = d.res_model
                                  AND earlier.res_id = d.res_id AND earlier.sequence < d.sequence
                                  AND earlier.state IN ('pending', 'queued', 'failed')
                                  AND (earlier.state <> 'failed' OR room.after_failure = 'hold')
                               )
                      ORDER BY d.lane DESC, d.next_attempt_at, d.sequence, d.id
                         LIMIT GREATEST(room.free, 0)
                    ) due
                ), chosen AS (
                    SELECT id, endpoint_id, lane, rank, next_attempt_at, sequence
                      FROM candidate
                  ORDER BY lane DESC, rank, next_attempt_at, sequence, id
                     LIMIT %(limit)s
                ), locked AS (
                    SELECT d.id
                      FROM integration_delivery d
                      JOIN chosen ON chosen.id = d.id
                       FOR UPDATE OF d SKIP LOCKED
                ), leased AS (
                    UPDATE integration_delivery d
                       SET lease_worker = %(worker)s, lease_until = %(lease_until)s
                      FROM locked
                     WHERE d.id = locked.id
                 RETURNING d.id, d.attempt_count, d.schedule_start, d.event_id
                )
                SELECT leased.id AS delivery_id,
                       leased.attempt_count + 1 AS attempt_number,
                       leased.attempt_count + 1 - leased.schedule_start AS schedule_step,
                       chosen.endpoint_id, chosen.lane, chosen.sequence,
                       ev.event_id, t.technical_name, ev.res_model, ev.res_id, ev.occurred_at,
                       ev.recorded_at, ev.correlation_id, ev.actor_id, ev.payload
                  FROM leased
                  JOIN chosen ON chosen.id = leased.id
                  JOIN integration_event ev ON ev.id = leased.event_id
                  JOIN integration_event_type t ON t.id = ev.event_type_id
              ORDER BY chosen.lane DESC, chosen.rank, chosen.next_attempt_at, chosen.sequence, chosen.id
                """,
                now=now,
                limit=limit,
                credit_ids=list(credits_by_endpoint),
                credits=list(credits_by_endpoint.values()),
                environment_uuid=self.env["integration.endpoint"]._current_environment_uuid(),
                worker=worker,
                lease_until=now + timedelta(seconds=LEASE_S),
            ),
            log_exceptions=False,
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _find_next_due(self, now):
        """When the next waiting delivery or expiring lease becomes due after ``now``; None if nothing waits.

        One index probe per endpoint and lane, so a backlog of any size costs the same.
        """
        ((next_due_at,),) = self.env.execute_query(
            SQL(
                """
                SELECT LEAST(
                    (SELECT min(waiting.next_attempt_at)
                       FROM integration_endpoint e
                 CROSS JOIN unnest(ARRAY['urgent', 'batch']) AS l(lane)
                 CROSS JOIN LATERAL (
                        SELECT d.next_attempt_at
                          FROM integration_delivery d
                         WHERE d.endpoint_id = e.id AND d.lane = l.lane AND d.state = 'pending'
                           AND d.next_attempt_at > %(now)s
                      ORDER BY d.next_attempt_at
                         LIMIT 1
                    ) waiting
                      WHERE e.active AND e.state = 'active' AND e.environment_uuid = %(environment_uuid)s),
                    (SELECT min(lease_until) FROM integration_delivery
                      WHERE (state = 'queued' OR lease_until IS NOT NULL)
                        AND state = 'pending' AND lease_until > %(now)s)
                )
                """,
                now=now,
                environment_uuid=self.env["integration.endpoint"]._current_environment_uuid(),
            )
        )
        return next_due_at
