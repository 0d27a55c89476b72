"""Deliveries that come back from the road unsent: given back by a sidecar, or lost by the broker."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .delivery_state_machine import DOOR_TRANSITIONS, RETURNED

RETURNED_DELAY_S = 5

_logger = logging.getLogger(__name__)


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    stranded_at = fields.Datetime(
        "Lost On The Way At",
        readonly=True,
        help="When it was last given out again, because the broker had it for too long without a report.",
    )

    _stranded_index = models.Index("(stranded_at) WHERE stranded_at IS NOT NULL")

    @api.model
    def _take_back_late(self, now, quiet_until):
        """Take back what the broker has had for too long, unless claims have only just begun again.

        After an outage of Odoo the reports of what was sent meanwhile wait on the road, and leases have run
        out although the broker has the deliveries. To give those out again would send all of them twice.

        :param datetime quiet_until: when leases of the time before the outage end; None without one
        :return: the deliveries that were taken back
        """
        if quiet_until is None:
            return self._requeue_stranded(now)
        # A row that a report or a person is changing needs no longer lease, and must not stop the claim.
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery SET lease_until = %(quiet_until)s
                 WHERE id = ANY(ARRAY(
                       SELECT id
                         FROM integration_delivery
                        WHERE (state = 'queued' OR lease_until IS NOT NULL)
                          AND state = 'pending' AND lease_until <= %(now)s
                     ORDER BY id
                          FOR UPDATE SKIP LOCKED
                 ))
                """,
                now=now,
                quiet_until=quiet_until,
            ),
            log_exceptions=False,
        )
        return self.browse()

    @api.model
    def _requeue_stranded(self, now):
        """Make deliveries due again that the broker has had for too long.

        A broker that lost its data would otherwise strand them for ever. The attempt number stays, so a late
        report of the first copy still counts, and the second copy's report is then stale. Copies that are
        still on the road are not sent any more by then: see ``_send_before``.

        :return: the deliveries that were taken back
        """
        taken_back = self._bring_back(
            SQL("d.state = 'queued' AND d.queued_at < %s", now - timedelta(seconds=self._queue_timeout_s())),
            now,
            self.env._("It got lost on the way or took too long, so it is sent again."),
            # Rows that a report is about to change are left to it; the next claim looks again.
            locking=SQL("SKIP LOCKED"),
            stranded_at=now,
        )
        if taken_back:
            _logger.warning(
                "IM_DELIVERIES_STRANDED: %s deliveries were with the broker for more than %s s without a "
                "report, so they are given out again. First of them: %s. See docs/errors.md.",
                len(taken_back),
                self._queue_timeout_s(),
                taken_back.ids[:10],
            )
        return taken_back

    @api.model
    def _record_outcomes(self, outcomes):
        """Record what sidecars say of deliveries, tried or given back; return the ids of those that moved."""
        returned = [outcome for outcome in outcomes if outcome["result"] == RETURNED]
        tried = [outcome for outcome in outcomes if outcome["result"] != RETURNED]
        return self._apply_outcomes(tried) + self._take_returned(returned)

    @api.model
    def _take_returned(self, outcomes):
        """Make deliveries wait again that a sidecar gave back unsent, since their endpoint is not active.

        Nothing was sent, so there is no attempt and the attempt number stays. That is why a repeat is known
        by its copy: the delivery may have been given out anew since, and that copy must not be forgotten.
        As in every report, what is not about the attempt that comes next changes nothing.

        A row that somebody is changing is waited for: this is told only once. What has changed then is
        repeated by the door.

        :param list outcomes: parsed outcomes with the result ``returned``
        :return: ids of the deliveries that wait now
        """
        if not outcomes:
            return []
        self.env.flush_all()
        delivery_ids = [outcome["delivery_id"] for outcome in outcomes]
        taken_back = self._bring_back(
            SQL(
                """
                (d.state = 'queued' OR d.lease_until IS NOT NULL)
                AND d.id = ANY(%s) AND EXISTS (
                    SELECT FROM unnest(%s::int[], %s::int[], %s::timestamp[])
                             AS o(id, attempt_number, send_before)
                     WHERE o.id = d.id AND o.attempt_number = d.attempt_count + 1
                       AND (o.send_before = d.send_before OR o.send_before IS NULL OR d.send_before IS NULL))
                """,
                delivery_ids,
                delivery_ids,
                [outcome["attempt_number"] for outcome in outcomes],
                [outcome["send_before"] for outcome in outcomes],
            ),
            self._now(),
            self.env._("Its endpoint was paused or stopped before it was sent."),
        )
        taken_back._slow_down(self._now())
        taken_back._announce_changes()
        return sorted(taken_back.ids)

    def _slow_down(self, now):
        """Give a sidecar time that does not know yet that an endpoint is active again.

        It would give back at once whatever it gets, round and round.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery d SET next_attempt_at = %(later)s
                  FROM integration_endpoint e
                 WHERE d.id = ANY(%(ids)s) AND e.id = d.endpoint_id AND e.active AND e.state = 'active'
                """,
                ids=self.ids,
                later=now + timedelta(seconds=RETURNED_DELAY_S),
            )
        )
        self.invalidate_recordset(["next_attempt_at"])

    @api.model
    def _bring_back(self, condition, now, reason, locking=None, stranded_at=None):
        """Bring deliveries that are on the road back to ``pending``, and keep in their history why.

        :param SQL condition: on ``d``, which deliveries
        :param SQL locking: what to do with rows that another transaction has locked; None to wait for them
        :param datetime stranded_at: when they were found lost, if they are
        :return: the deliveries
        """
        self.env.cr.execute(
            SQL(
                """
                WITH locked AS (
                    SELECT d.id, d.state
                      FROM integration_delivery d
                     WHERE %(condition)s AND d.state = ANY(%(allowed_from)s)
                  ORDER BY d.id
                       FOR UPDATE OF d %(locking)s
                ), history AS (
                    INSERT INTO integration_delivery_transition
                           (delivery_id, from_state, to_state, at, reason)
                    SELECT id, state, 'pending', %(now)s, %(reason)s FROM locked
                )
                UPDATE integration_delivery d
                   SET state = 'pending', next_attempt_at = COALESCE(next_attempt_at, %(now)s),
                       stranded_at = COALESCE(%(stranded_at)s::timestamp, stranded_at),
                       queued_at = NULL, lease_worker = NULL, lease_until = NULL,
                       state_changed_at = %(now)s, state_changed_by = NULL, state_reason = %(reason)s
                  FROM locked
                 WHERE d.id = locked.id
             RETURNING d.id
                """,
                condition=condition,
                locking=locking or SQL(),
                now=now,
                stranded_at=stranded_at,
                allowed_from=list(DOOR_TRANSITIONS["pending"]),
                reason=reason,
            ),
            log_exceptions=False,
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if ids:
            self.invalidate_model()
        return self.browse(ids)
