"""Giving due deliveries to a sidecar: in order, within every endpoint's limits, each to one worker only."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..endpoint.breaker_rules import CLOSED_BREAKER
from ..endpoint.pace_rules import BURST_S
from .integration_claim_gate import GATE_BUSY_ERRORS
from .test_rules import DUE_TESTS, TEST_AGE_MAX_S

LEASE_S = 60
# One answer with hundreds of large events would take more memory than a sidecar has.
CLAIM_BYTES_MAX = 8 * 1024 * 1024
BUSY_RETRY_MS = 50
# Share of a window that batch deliveries leave free, so that an urgent one never waits behind a backfill.
URGENT_SHARE = 0.2


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
                quiet_until = self.env["integration.claim.gate"]._take()
                self.env["integration.event"]._complete_orphans()
                self.env.flush_all()
                changed = self._take_back_late(now, quiet_until)
                changed += self._expire_old(now)
                rows = self._lease_due(worker, limit, credits_by_endpoint, now)
        except GATE_BUSY_ERRORS:
            # Another claim, or a person changing one of these deliveries, was faster. Nothing is leased.
            return [], now + timedelta(milliseconds=BUSY_RETRY_MS)
        self.invalidate_model()
        self.env["integration.endpoint"].invalidate_model(list(CLOSED_BREAKER))
        changed._announce_changes()
        is_cut = bool(rows) and rows[0]["is_cut"]
        return rows, now if is_cut else self._find_next_due(now)

    @api.model
    def _lease_due(self, worker, limit, credits_by_endpoint, now):
        """The claim itself, one statement.

        ``candidate`` ranks before ``locked`` locks, because PostgreSQL knows no window function together
        with FOR UPDATE. Endpoints take turns by rank, so a backlog of one never starves another. Urgent
        deliveries have the first ranks of their endpoint, and the last places of its window to themselves;
        only a window of one has no place to spare.
        ``probing`` are the endpoints whose breaker is due for a try, or whose try was lost on the way: each
        gets room for one. ``fitting`` is what may be carried at once: the first, and more up to the limit of
        bytes. What is given is paid for in ``paced`` and remembered in ``probed``.
        Tests (integration_delivery_test.py) stand beside all that: they are given at once and first, also for
        endpoints that send nothing now, and are nobody's probe.

        Rows are looked up by arrays of ids, because PostgreSQL expects arrays to be short: joined to a
        limited list, it would read the whole table of deliveries for each claim.
        """
        # It also expects a backlog to be read as a whole, and would compile this statement for seconds.
        self.env.cr.execute("SET LOCAL jit = off")
        bytes_max = self.env["ir.config_parameter"]._integration_limit("claim_bytes_max", CLAIM_BYTES_MAX)
        environment_uuid = self.env["integration.endpoint"]._current_environment_uuid()
        self.env.cr.execute(
            SQL(
                """
                WITH in_flight AS (
                    SELECT endpoint_id, count(*) AS used
                      FROM integration_delivery
                     WHERE (state = 'queued' OR lease_until IS NOT NULL)
                       AND (state = 'queued' OR lease_until > %(now)s)
                  GROUP BY endpoint_id
                ), probing AS (
                    SELECT e.id
                      FROM integration_endpoint e
                     WHERE e.breaker_state <> 'closed' AND e.active AND e.state = 'active'
                       AND e.environment_uuid = %(environment_uuid)s
                       AND CASE e.breaker_state WHEN 'open' THEN e.breaker_probe_at <= %(now)s
                           ELSE NOT EXISTS (
                               SELECT FROM integration_delivery d
                                WHERE d.id = e.breaker_probe_delivery
                                  AND d.attempt_count + 1 = e.breaker_probe_attempt
                                  AND (d.state = 'queued'
                                       OR (d.state = 'pending' AND d.lease_until > %(now)s))
                           ) END
                       FOR NO KEY UPDATE OF e SKIP LOCKED
                ), room AS (
                    SELECT e.id, e.after_failure, e.rate_limit_per_s::float8 AS rate_per_s, p.full_at,
                           e."window" - ceil((e."window" - 1) * %(urgent_share)s)::int
                               - COALESCE(f.used, 0) AS free_for_batch,
                           LEAST(
                               e."window" - COALESCE(f.used, 0), COALESCE(c.credit, %(limit)s), %(limit)s,
                               CASE WHEN e.breaker_state = 'closed' THEN %(limit)s
                                    WHEN probing.id IS NOT NULL THEN 1 ELSE 0 END,
                               CASE WHEN e.rate_limit_per_s > 0 THEN floor(
                                   b.burst - GREATEST(
                                       extract(epoch FROM COALESCE(p.full_at, %(now)s) - %(now)s), 0
                                   ) * e.rate_limit_per_s::float8 + 0.001
                               )::int ELSE %(limit)s END
                           ) AS free
                      FROM integration_endpoint e
                CROSS JOIN LATERAL (
                        SELECT GREATEST(floor(e.rate_limit_per_s::float8 * %(burst_s)s), 1) AS burst
                    ) b
                 LEFT JOIN probing ON probing.id = e.id
                 LEFT JOIN integration_endpoint_pace p ON p.endpoint_id = e.id
                 LEFT JOIN in_flight f ON f.endpoint_id = e.id
                 LEFT JOIN unnest(%(credit_ids)s::int[], %(credits)s::int[]) AS c(endpoint_id, credit)
                        ON c.endpoint_id = e.id
                     WHERE e.active AND e.state = 'active' AND e.environment_uuid = %(environment_uuid)s
                ), candidate AS (
                    SELECT due.*, room.free_for_batch,
                           row_number() OVER (
                               PARTITION BY due.endpoint_id
                               ORDER BY due.lane DESC, due.next_attempt_at, due.sequence, due.id
                           ) AS rank
                      FROM room
                CROSS JOIN LATERAL (
                        SELECT d.id, d.endpoint_id, d.lane, d.next_attempt_at, d.sequence, d.event_id
                          FROM integration_delivery d
                         WHERE d.endpoint_id = room.id AND d.state = 'pending'
                           AND d.next_attempt_at <= %(now)s AND d.is_test IS NOT TRUE
                           AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
                           AND NOT EXISTS (
                               SELECT FROM integration_delivery earlier
                                WHERE earlier.endpoint_id = d.endpoint_id AND earlier.res_model = d.res_model
                                  AND earlier.res_id = d.res_id AND earlier.sequence < d.sequence
                                  AND earlier.state IN ('pending', 'queued', 'failed')
                                  AND earlier.is_test IS NOT TRUE
                                  AND (earlier.state <> 'failed' OR (
                                      room.after_failure = 'hold' AND earlier.first_delivered_at IS NULL))
                               )
                      ORDER BY d.lane DESC, d.next_attempt_at, d.sequence, d.id
                         LIMIT GREATEST(room.free, 0)
                    ) due
                ), chosen AS (
                    SELECT id, endpoint_id, lane, rank, next_attempt_at, sequence, event_id
                      FROM candidate
                     WHERE lane = 'urgent' OR rank <= free_for_batch
                 UNION ALL
                    (%(due_tests)s)
                  ORDER BY lane DESC, rank, next_attempt_at, sequence, id
                     LIMIT %(limit)s
                ), fitting AS (
                    SELECT id
                      FROM (
                        SELECT chosen.id, sum(octet_length(ev.payload)) OVER (
                                   ORDER BY chosen.lane DESC, chosen.rank, chosen.next_attempt_at,
                                            chosen.sequence, chosen.id
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                               ) AS bytes_before
                          FROM chosen
                          JOIN integration_event ev ON ev.id = chosen.event_id
                      ) sized
                     WHERE COALESCE(bytes_before, 0) < %(bytes_max)s
                ), locked AS (
                    SELECT d.id
                      FROM integration_delivery d
                     WHERE d.id = ANY(ARRAY(SELECT id FROM fitting))
                       FOR UPDATE OF d SKIP LOCKED
                ), leased AS (
                    UPDATE integration_delivery d
                       SET lease_worker = %(worker)s, lease_until = %(lease_until)s,
                           send_before = date_trunc('milliseconds', %(send_before)s)
                     WHERE d.id = ANY(ARRAY(SELECT id FROM locked))
                 RETURNING d.id, d.attempt_count, d.schedule_start, d.event_id, d.endpoint_id, d.is_test,
                           d.send_before
                ), paced AS (
                    INSERT INTO integration_endpoint_pace (endpoint_id, full_at)
                    SELECT room.id, GREATEST(room.full_at, %(now)s)
                                    + count(*) / room.rate_per_s * interval '1 second'
                      FROM room
                      JOIN leased ON leased.endpoint_id = room.id
                     WHERE room.rate_per_s > 0
                  GROUP BY room.id, room.full_at, room.rate_per_s
               ON CONFLICT (endpoint_id) DO UPDATE SET full_at = EXCLUDED.full_at
                ), probed AS (
                    UPDATE integration_endpoint e
                       SET breaker_state = 'half_open', breaker_probe_delivery = leased.id,
                           breaker_probe_attempt = leased.attempt_count + 1
                      FROM leased
                      JOIN probing ON probing.id = leased.endpoint_id
                     WHERE e.id = probing.id AND leased.is_test IS NOT TRUE
                )
                SELECT leased.id AS delivery_id,
                       leased.attempt_count + 1 AS attempt_number,
                       leased.attempt_count + 1 - leased.schedule_start AS schedule_step,
                       chosen.endpoint_id, chosen.lane, chosen.sequence,
                       ev.event_id, t.technical_name, ev.res_model, ev.res_id, ev.occurred_at,
                       ev.recorded_at, ev.correlation_id, ev.actor_id, ev.payload, s.id AS mapping_id,
                       leased.is_test, leased.send_before,
                       (SELECT count(*) FROM chosen) > (SELECT count(*) FROM fitting) AS is_cut
                  FROM leased
                  JOIN chosen ON chosen.id = leased.id
                  JOIN integration_event ev ON ev.id = leased.event_id
                  JOIN integration_event_type t ON t.id = ev.event_type_id
             LEFT JOIN integration_subscription s
                    ON s.endpoint_id = leased.endpoint_id AND s.event_type_id = t.id AND s.mapping <> ''
              ORDER BY chosen.lane DESC, chosen.rank, chosen.next_attempt_at, chosen.sequence, chosen.id
                """,
                now=now,
                limit=limit,
                bytes_max=bytes_max,
                credit_ids=list(credits_by_endpoint),
                credits=list(credits_by_endpoint.values()),
                environment_uuid=environment_uuid,
                due_tests=SQL(
                    DUE_TESTS, now=now, environment_uuid=environment_uuid, age_max_s=TEST_AGE_MAX_S
                ),
                worker=worker,
                lease_until=now + timedelta(seconds=LEASE_S),
                send_before=self._send_before(now),
                burst_s=BURST_S,
                urgent_share=URGENT_SHARE,
            ),
            log_exceptions=False,
        )
        return self.env.cr.dictfetchall()
