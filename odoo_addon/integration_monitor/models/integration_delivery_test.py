"""Test deliveries: one real event for one endpoint, sent because a person wants to see what happens.

They go the way of every delivery, so that a test proves the whole chain: claim, broker, sidecar, report. What
differs is what they mean. They are given out for drafts, paused, stopped and resting endpoints too; they have
one attempt; they wait for nothing and hold nothing; and nobody counts them (integration_test_row.py).

A test belongs to the database that it was asked for in: ``test_environment_uuid`` must be that of this
database when it is given out. So a copy that was made while a test waited does not send it. Nor is one sent
that nobody waits for any more.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class IntegrationDelivery(models.Model):
    _name = "integration.delivery"
    _inherit = ["integration.delivery", "integration.test.row"]

    test_environment_uuid = fields.Char(
        readonly=True, help="The database that a person sent this test from; it is sent from no other."
    )

    # Tests are few: this is what finds them without reading anything else.
    _test_index = models.Index("(test_environment_uuid, endpoint_id) WHERE test_environment_uuid IS NOT NULL")

    def init(self):
        super().init()
        # PostgreSQL does not look at new columns of a large table by itself, and would expect many tests.
        self.env.cr.execute("ANALYZE integration_delivery (is_test, test_environment_uuid)")

    @api.model
    def _find_tests(self, endpoints):
        """All tests of these endpoints that were asked for in this database."""
        return self.search(
            [
                ("is_test", "=", True),
                ("test_environment_uuid", "=", endpoints._current_environment_uuid()),
                ("endpoint_id", "in", endpoints.ids),
            ]
        )

    @api.model
    def _make_test(self, endpoint, event_type, record):
        """Make a test event of the record as it is now, and its delivery, due at once.

        :return: the delivery; failed already if the event cannot be put together
        """
        event = self.env["integration.event"]._make_test(event_type, record)
        subscription = endpoint.subscription_ids.filtered(lambda line: line.event_type_id == event_type)[:1]
        now = self._now()
        fault = {}
        if event.error:
            fault = {"state": "failed", "last_error": event.error, "failure_class": "payload"}
        # sudo: nobody has write access to deliveries; the endpoint has checked who may send tests
        delivery = self.sudo().create(
            {
                "is_test": True,
                "test_environment_uuid": endpoint._current_environment_uuid(),
                "event_id": event.id,
                "event_type_id": event_type.id,
                "endpoint_id": endpoint.id,
                "subscription_id": subscription.id,
                "res_model": event.res_model,
                "res_id": event.res_id,
                "record_name": event.record_name,
                "company_id": event.company_id.id,
                "sequence": event.sequence,
                "next_attempt_at": now,
                "state_changed_at": now,
                "state_changed_by": self.env.uid,
                **fault,
            }
        )
        self.env["integration.bus"]._wake_sidecar()
        return delivery

    def _drop_waiting_tests(self):
        """Cancel those of these tests that no sidecar has taken yet."""
        now = self._now()
        waiting = self.filtered(
            lambda d: d.is_test and d.state == "pending" and not (d.lease_until and d.lease_until > now)
        )
        if waiting:
            waiting._transition("cancelled", reason=self.env._("A newer test took its place."))

    def _filter_changeable(self):
        return super()._filter_changeable().filtered(lambda d: not d.is_test)

    def _check_changeable(self):
        """:raise UserError: IM_ENDPOINT_TEST_ONCE"""
        self.check_access("read")
        if any(delivery.is_test for delivery in self):
            raise UserError(
                self.env._(
                    "IM_ENDPOINT_TEST_ONCE: a test delivery is neither retried, replayed nor cancelled. "
                    "Send another test from the endpoint."
                )
            )
        return super()._check_changeable()

    def _filter_with_activities(self):
        # Who sends a test looks at it; nobody else is asked.
        return super(IntegrationDelivery, self.filtered(lambda d: not d.is_test))._filter_with_activities()

    @api.model
    def _purge_deliveries(self, purge_before):
        """Delete old tests as well, whatever became of them: nobody has to look after a test."""
        self.with_context(active_test=False).search(
            [("is_test", "=", True), ("state_changed_at", "<", purge_before)]
        ).unlink()
        return super()._purge_deliveries(purge_before)

    @api.model
    def _keep_requests(self, outcomes):
        """Keep with the attempts what was sent, as far as sidecars tell it: they do for tests.

        :param list outcomes: parsed outcomes that moved their deliveries
        """
        told = [outcome for outcome in outcomes if outcome["request_head"]]
        if not told:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery_attempt a
                   SET request_head = v.head, request_body = v.body
                  FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[])
                       AS v(delivery_id, number, head, body)
                  JOIN integration_delivery d ON d.id = v.delivery_id AND d.is_test
                 WHERE a.delivery_id = v.delivery_id AND a.attempt_number = v.number
                """,
                *(
                    [outcome[name] for outcome in told]
                    for name in ("delivery_id", "attempt_number", "request_head", "request_body")
                ),
            ),
            log_exceptions=False,
        )
        self.env["integration.delivery.attempt"].invalidate_model(["request_head", "request_body"])
