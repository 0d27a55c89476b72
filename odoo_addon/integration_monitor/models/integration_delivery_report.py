"""Taking in what sidecars say about attempts: idempotent, set-based, every attempt kept."""

from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from .delivery_state_machine import DOOR_TRANSITIONS, STATE_BY_RESULT
from .integration_delivery_snooze import KEEP_SNOOZE

OUTCOME_COLUMNS = {
    "delivery_id": "int",
    "attempt_number": "int",
    "result": "text",
    "started_at": "timestamp",
    "duration_ms": "int",
    "status_code": "int",
    "failure_class": "text",
    "error": "text",
    "response_excerpt": "text",
    "retry_delay_s": "float8",
    "worker": "text",
}


class MovedDelivery(NamedTuple):
    """What a report made of one delivery."""

    id: int
    endpoint_id: int
    res_model: str
    res_id: int
    state: str
    is_test: bool | None


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _apply_outcomes(self, outcomes):
        """Record each outcome's attempt and move its delivery on.

        An outcome counts if it is about the attempt that comes next (``attempt_count + 1``) and the state
        machine knows the way. Everything else is stale and changes nothing, so reports can be repeated.
        Concurrent reports of one delivery meet at its row lock; the later one is repeated by Odoo and then
        finds itself stale.

        :param list outcomes: dicts with the keys of ``OUTCOME_COLUMNS`` and ``stop_endpoint``, already
            checked, at most one per delivery and attempt
        :return: ids of the deliveries that moved
        """
        if not outcomes:
            return []
        self.env.flush_all()
        moved = self._write_outcomes(outcomes)
        self.invalidate_model()
        self.env["integration.delivery.attempt"].invalidate_model()
        if moved:
            bus = self.env["integration.bus"]
            bus._hint_documents({(row.res_model, row.res_id) for row in moved})
            bus._hint_monitor()
            self._keep_requests(outcomes)
            # A test says nothing about the deliveries that count.
            self._follow_outcomes([row for row in moved if not row.is_test], outcomes)
        return [row.id for row in moved]

    @api.model
    def _find_missing(self, delivery_ids):
        """Those of these ids that are no deliveries of this database: invented, or of a later backup."""
        return set(delivery_ids) - set(self.browse(set(delivery_ids)).exists().ids) if delivery_ids else set()

    @api.model
    def _write_outcomes(self, outcomes):
        """Insert the attempts and update the deliveries: one statement for any number of outcomes.

        :return: ``MovedDelivery`` of each delivery that moved, so that what follows need not read them again
        """
        arrays = SQL(", ").join(
            SQL(f"%s::{pg_type}[]", [outcome[column] for outcome in outcomes])
            for column, pg_type in OUTCOME_COLUMNS.items()
        )
        columns = SQL(", ").join(SQL.identifier(column) for column in OUTCOME_COLUMNS)
        ways = [
            (result, to_state, from_state)
            for result, to_state in STATE_BY_RESULT.items()
            for from_state in DOOR_TRANSITIONS[to_state]
        ]
        self.env.cr.execute(
            SQL(
                """
                WITH outcome AS (
                    SELECT * FROM unnest(%(arrays)s) AS o(%(columns)s)
                ), way AS (
                    SELECT * FROM unnest(%(results)s::text[], %(to_states)s::text[], %(from_states)s::text[])
                               AS w(result, to_state, from_state)
                ), locked AS (
                    -- A test has one attempt: a person watches it and may send another.
                    SELECT d.id, outcome.*,
                           CASE WHEN d.is_test AND way.to_state = 'pending' THEN 'failed'
                                ELSE way.to_state END AS to_state
                      FROM integration_delivery d
                      JOIN outcome ON outcome.delivery_id = d.id
                                  AND outcome.attempt_number = d.attempt_count + 1
                      JOIN way ON way.result = outcome.result AND way.from_state = d.state
                  ORDER BY d.id
                       FOR UPDATE OF d
                ), attempt AS (
                    INSERT INTO integration_delivery_attempt (
                        delivery_id, attempt_number, started_at, duration_ms, outcome, status_code,
                        failure_class, error, response_excerpt, worker
                    )
                    SELECT id, attempt_number, started_at, duration_ms, result, status_code,
                           failure_class, error, response_excerpt, worker
                      FROM locked
                 ON CONFLICT (delivery_id, attempt_number) DO NOTHING
                )
                UPDATE integration_delivery d
                   SET state = l.to_state,
                       attempt_count = l.attempt_number,
                       next_attempt_at = CASE WHEN l.to_state = 'pending'
                                              THEN %(now)s + l.retry_delay_s * interval '1 second' END,
                       delivered_at = CASE WHEN l.result = 'delivered'
                                           THEN l.started_at + l.duration_ms * interval '1 millisecond' END,
                       last_attempt_at = l.started_at,
                       last_status_code = l.status_code,
                       last_error = l.error,
                       failure_class = l.failure_class,
                       last_response = l.response_excerpt,
                       snoozed_until = %(keep_snooze)s,
                       escalated_at = CASE WHEN l.result <> 'delivered' THEN d.escalated_at END,
                       lease_worker = NULL, lease_until = NULL, queued_at = NULL,
                       state_changed_at = %(now)s, state_changed_by = NULL, state_reason = NULL
                  FROM locked l
                 WHERE d.id = l.id
             RETURNING d.id, d.endpoint_id, d.res_model, d.res_id, d.state, d.is_test
                """,
                arrays=arrays,
                columns=columns,
                results=[way[0] for way in ways],
                to_states=[way[1] for way in ways],
                from_states=[way[2] for way in ways],
                now=self._now(),
                keep_snooze=KEEP_SNOOZE,
            ),
            # Two reports of one delivery may meet: Odoo repeats the later one. The statement would be logged
            # with the endpoints' answers in it.
            log_exceptions=False,
        )
        return sorted(MovedDelivery(*row) for row in self.env.cr.fetchall())

    @api.model
    def _follow_outcomes(self, moved, outcomes):
        """What has to happen after ``outcomes`` moved the deliveries ``moved``.

        In a healthy batch none of it reads a delivery through the ORM: it would cost more than the rest.
        """
        endpoint_id_by_delivery_id = {row.id: row.endpoint_id for row in moved}
        outcomes = [o for o in outcomes if o["delivery_id"] in endpoint_id_by_delivery_id]
        self._move_breakers(outcomes, endpoint_id_by_delivery_id)
        self._stop_endpoints({o["delivery_id"]: o for o in outcomes if o["stop_endpoint"]})
        unsettled = self.browse(row.id for row in moved if row.state in ("pending", "failed"))
        superseded = unsettled._supersede_overtaken()
        superseded._complete_activities(self.env._("A newer event of the same record replaced it."))
        failed = self.browse(row.id for row in moved if row.state == "failed")
        (failed - superseded)._fill_responsibles()
        (failed - superseded)._schedule_activities()
        delivered = [row for row in moved if row.state == "delivered"]
        if delivered and self._has_open_activities({row.endpoint_id for row in delivered}):
            self.browse(row.id for row in delivered)._complete_activities(
                self.env._("Delivered by a later attempt.")
            )

    @api.model
    def _stop_endpoints(self, outcome_by_delivery_id):
        """Stop endpoints that said they are gone for good (HTTP 410), once each, with the reason."""
        stopping = self.browse(outcome_by_delivery_id)
        for endpoint, deliveries in stopping.grouped("endpoint_id").items():
            if endpoint.state not in ("active", "paused"):
                continue
            reason = self.env._(
                "The endpoint answered %(status_code)s to the delivery of %(document)s: it takes no further "
                "events. Check its address, then activate it again.",
                status_code=outcome_by_delivery_id[deliveries[0].id]["status_code"],
                document=deliveries[0].record_name or deliveries[0].res_model,
            )
            # The system stops it, not the service account that carried the news.
            endpoint = endpoint.with_user(SUPERUSER_ID)
            endpoint._track_set_log_message(reason)
            endpoint.write({"state": "stopped", "state_reason": reason})

    def _is_anything_due(self):
        """Whether the endpoints of these deliveries have more to send now.

        A follower of the same record, a retry without delay, or the next of a backlog whose window just got
        room. This only decides about a hint, so held deliveries may count.
        """
        ((is_due,),) = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                    SELECT FROM (
                        SELECT DISTINCT endpoint_id FROM integration_delivery WHERE id = ANY(%(ids)s)
                    ) e
                CROSS JOIN LATERAL (
                        SELECT FROM integration_delivery d
                         WHERE d.endpoint_id = e.endpoint_id AND d.state = 'pending'
                           AND d.next_attempt_at <= %(now)s
                           AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
                         LIMIT 1
                    ) due
                )
                """,
                ids=self.ids,
                now=self._now(),
            )
        )
        return is_due
