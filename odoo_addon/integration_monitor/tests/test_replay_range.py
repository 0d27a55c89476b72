"""Replaying what an endpoint took in a time range, as it was."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .bulk_case import BulkCase
from .delivery_case import build_endpoint, build_event_type, build_outcome


@tagged("post_install", "-at_install")
class TestReplayRange(BulkCase):
    def test_what_the_endpoint_took_in_the_range_is_sent_again_and_nothing_else(self):
        inside, before, after = self.delivered_deliveries(3)
        inside.delivered_at, before.delivered_at, after.delivered_at = (
            "2026-05-02 10:00:00",
            "2026-05-01 09:59:59",
            "2026-05-03 10:00:01",
        )
        failed = self.failed_deliveries(1)
        elsewhere = self.deliver_to(build_endpoint(self.env, "Other"), state="delivered")
        elsewhere.delivered_at = inside.delivered_at
        operation = self.prepare_replay(time_range=("2026-05-01 10:00:00", "2026-05-03 10:00:00"))
        self.assertEqual(operation.total_count, 1)
        operation._start()
        self.assertEqual((inside.state, inside.lane), ("pending", "batch"))
        self.assertEqual({d.state for d in before + after + elsewhere}, {"delivered"})
        self.assertEqual(failed.state, "failed")
        self.assertEqual([c["webhook_id"] for c in self.claim()], inside.event_id.mapped("event_id"))

    def test_the_range_can_be_limited_to_event_types(self):
        self.delivered_deliveries(1)
        other = build_event_type(self.env, name="odoo.test.other.v1")
        self.assertEqual(self.prepare_replay(event_types=other).total_count, 0)
        self.assertEqual(self.prepare_replay(event_types=self.event_type).total_count, 1)

    def test_the_events_of_a_record_are_replayed_in_order(self):
        deliveries = self.env["integration.delivery"].concat(
            *(self.deliver_to(state="delivered", attempt_count=1) for _ in range(3))
        )
        deliveries.delivered_at = fields.Datetime.now()
        self.prepare_replay()._start()
        for delivery in deliveries:
            (claim,) = self.claim()
            self.assertEqual(claim["delivery_id"], delivery.id)
            self.report(build_outcome(delivery.id, 2))

    def test_a_replay_before_an_urgent_delivery_of_the_same_record_is_urgent_too(self):
        (replayed,) = self.delivered_deliveries(1)
        urgent = self.deliver_to(record=self.env["res.partner"].browse(replayed.res_id))
        self.prepare_replay()._start()
        self.assertEqual((replayed.lane, urgent.lane), ("urgent", "urgent"))

    def test_outdated_events_are_counted_apart_where_only_the_latest_counts(self):
        self.env["integration.subscription"].create(
            {
                "endpoint_id": self.endpoint.id,
                "event_type_id": self.event_type.id,
                "ordering": "latest_only",
            }
        )
        older, newer = (self.deliver_to(state="delivered") for _ in range(2))
        (older + newer).delivered_at = fields.Datetime.now()
        operation = self.prepare_replay()
        self.assertEqual((operation.total_count, operation.unsuitable_count), (1, 1))
        operation._start()
        self.assertEqual((older.state, newer.state), ("delivered", "pending"))

    def test_a_range_that_ends_before_it_begins_is_refused(self):
        wizard = self.env["integration.bulk.wizard"].create(
            {
                "endpoint_id": self.endpoint.id,
                "range_start": "2026-05-02 10:00:00",
                "range_end": "2026-05-01 10:00:00",
            }
        )
        with self.assertRaisesRegex(UserError, "IM_REPLAY_RANGE"):
            wizard.action_preview()

    def test_the_wizard_shows_the_count_and_then_does_it(self):
        delivered = self.delivered_deliveries(2)
        shown = self.endpoint.with_user(self.operator).action_replay()
        wizard = self.env["integration.bulk.wizard"].with_user(self.operator).browse(shown["res_id"])
        wizard.range_end = "2099-01-01 00:00:00"
        wizard.action_preview()
        self.assertEqual(wizard.total_count, 2)
        self.assertEqual(wizard.action_start()["tag"], "display_notification")
        self.assertEqual(set(delivered.mapped("state")), {"pending"})
