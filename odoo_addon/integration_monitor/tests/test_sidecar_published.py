"""What is on the road: noted when the broker has it, taken back when the broker lost it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .delivery_case import WORKER, DeliveryCase


@tagged("post_install", "-at_install")
class TestSidecarPublished(DeliveryCase):
    def test_a_delivery_the_broker_lost_becomes_due_again_with_the_same_attempt_number(self):
        delivery = self.deliver_to()
        (first,) = self.claim()
        self.publish([first])
        delivery.queued_at = fields.Datetime.now() - timedelta(seconds=901)
        (second,) = self.claim()
        self.assertEqual(second["attempt_number"], first["attempt_number"])
        self.assertTrue(delivery.state_reason)

    def test_how_long_the_broker_may_keep_a_delivery_can_be_set(self):
        self.env["ir.config_parameter"].set_param("integration_monitor.queue_timeout_s", "10")
        delivery = self.deliver_to()
        self.publish(self.claim())
        delivery.queued_at = fields.Datetime.now() - timedelta(seconds=11)
        self.assertEqual(self.claim_ids(), delivery.ids)

    def test_published_turns_a_lease_into_queued_once(self):
        delivery = self.deliver_to()
        claims = self.claim()
        self.assertEqual(self.publish(claims), delivery.ids)
        self.assertEqual(delivery.state, "queued")
        self.assertFalse(delivery.lease_until)
        self.assertEqual(self.publish(claims), [])

    def test_published_changes_nothing_without_a_lease_or_with_another_attempt_number(self):
        delivery = self.deliver_to()
        self.assertEqual(self.publish([{"delivery_id": delivery.id, "attempt_number": 1}]), [])
        self.claim()
        self.assertEqual(self.publish([{"delivery_id": delivery.id, "attempt_number": 2}]), [])
        self.assertEqual(delivery.state, "pending")

    def test_published_leaves_a_cancelled_delivery_alone(self):
        delivery = self.deliver_to()
        claims = self.claim()
        delivery.action_cancel("Not wanted")
        self.assertEqual(self.publish(claims), [])
        self.assertEqual(delivery.state, "cancelled")

    def test_wrong_arguments_of_published_are_refused_with_what_was_expected(self):
        wrong = [
            ("x", "claims must be a list"),
            ([1], "a claim must be an object"),
            ([{"delivery_id": "1", "attempt_number": 1}], "delivery_id must be a whole number"),
            ([{"delivery_id": 1}], "attempt_number must be a whole number"),
        ]
        for claims, expected in wrong:
            with self.assertRaisesRegex(ValidationError, f"IM_PUBLISHED_INVALID: {expected}"):
                self.door.published(worker=WORKER, claims=claims)
