"""Urgent before batch, also when a backfill has filled the road."""

from odoo.tests import tagged

from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestSidecarClaimLanes(DeliveryCase):
    def fill(self, count, lane):
        return [self.deliver_to(record=partner, lane=lane) for partner in self.new_partners(count)]

    def test_a_backfill_leaves_room_for_urgent_deliveries(self):
        self.endpoint.window = 10
        self.fill(12, "batch")
        self.assertEqual(len(self.claim()), 8)
        self.assertEqual(self.claim_ids(), [])
        urgent = self.fill(3, "urgent")
        self.assertEqual(self.claim_ids(), [delivery.id for delivery in urgent[:2]])

    def test_urgent_deliveries_may_use_the_whole_window_and_come_first(self):
        self.endpoint.window = 10
        self.fill(5, "batch")
        urgent = self.fill(9, "urgent")
        # With nine on the road there is room for one more urgent delivery, but for no batch one.
        self.assertEqual(self.claim_ids(), [delivery.id for delivery in urgent])
        self.assertEqual(len(self.fill(1, "urgent")), len(self.claim()))

    def test_batch_deliveries_fill_what_urgent_ones_leave(self):
        self.endpoint.window = 10
        batch, urgent = self.fill(9, "batch"), self.fill(3, "urgent")
        self.assertEqual(self.claim_ids(), [delivery.id for delivery in [*urgent, *batch[:5]]])

    def test_a_window_of_one_serves_both_lanes(self):
        self.endpoint.window = 1
        (batch,) = self.fill(1, "batch")
        self.assertEqual(self.claim_ids(), [batch.id])

    def test_what_is_held_back_for_urgent_deliveries_is_due_when_there_is_room(self):
        self.endpoint.window = 2
        first, second = self.fill(2, "batch")
        claims = self.claim()
        self.assertEqual([claim["delivery_id"] for claim in claims], [first.id])
        self.refuse(first)
        self.assertEqual(self.claim_ids(), [second.id])
