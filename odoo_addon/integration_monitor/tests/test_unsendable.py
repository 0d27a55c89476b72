"""A stored event that cannot be written down stops nobody but itself."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .delivery_case import DeliveryCase

EVENT_LOGGER = "odoo.addons.integration_monitor.models.integration_event"


@tagged("post_install", "-at_install")
class TestUnsendable(DeliveryCase):
    @mute_logger(EVENT_LOGGER)
    def test_an_event_that_lost_a_part_becomes_an_exception_and_the_others_are_claimed(self):
        whole, *broken = (self.deliver_to(record=partner) for partner in self.new_partners(4))
        broken[0].event_id.payload = False
        broken[1].event_id.recorded_at = False
        broken[2].event_id.sequence = 0
        self.env.cr.execute(
            "UPDATE integration_event SET sequence = NULL WHERE id = %s", [broken[2].event_id.id]
        )
        broken[2].event_id.invalidate_recordset()
        self.env.cr.execute("UPDATE integration_delivery SET sequence = NULL WHERE id = %s", [broken[2].id])
        self.env.invalidate_all()
        self.assertEqual(self.claim_ids(), whole.ids)
        for delivery in broken:
            self.assertEqual((delivery.state, delivery.failure_class), ("failed", "payload"))
            self.assertEqual(delivery.attempt_count, 0)
            self.assertFalse(delivery.lease_until)
            self.assertEqual(delivery.event_id.state, "error")
        self.assertEqual(self.claim_ids(), [])

    @mute_logger(EVENT_LOGGER)
    def test_a_retry_renders_the_missing_content_anew(self):
        delivery = self.deliver_to()
        self.event_type.field_ids = [(0, 0, {"path": "name"})]
        delivery.event_id.payload = False
        self.assertEqual(self.claim_ids(), [])
        delivery.action_retry()
        (claim,) = self.claim()
        self.assertIn("Mercy Hospital", claim["body"])
