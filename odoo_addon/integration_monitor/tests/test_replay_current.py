"""Replaying with current content: new events, one per record, for one endpoint only."""

import json
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..capture import replayed_events
from .bulk_case import BulkCase
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestReplayCurrent(BulkCase, CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.watched = cls.new_event_type(paths=("name",), filter_domain="[('name', '!=', 'Secret')]")
        cls.subscription = cls.subscribe(cls.endpoint, cls.watched)
        cls.bystander = cls.new_endpoint(name="Bystander")
        cls.subscribe(cls.bystander, cls.watched)

    def deliver_event(self, partner):
        """The delivery of an event about the partner that our endpoint took."""
        self.env.flush_all()
        self.env["integration.event"]._capture(self.watched.id, partner)
        self.complete()
        delivery = self.deliveries()[-1]
        delivery.write({"state": "delivered", "delivered_at": fields.Datetime.now(), "attempt_count": 1})
        return delivery

    def deliveries(self, endpoint=None):
        return self.env["integration.delivery"].search(
            [
                ("endpoint_id", "=", (endpoint or self.endpoint).id),
                ("event_type_id", "=", self.watched.id),
            ],
            order="id",
        )

    def replay(self):
        operation = self.prepare_replay("replay_current", event_types=self.watched)
        operation._start()
        return operation

    def new_partner(self, name):
        partner = self.env["res.partner"].create({"name": name})
        self.complete()
        self.deliveries().unlink()
        return partner

    def test_a_new_event_tells_the_present_content_and_points_to_the_old_one(self):
        partner = self.new_partner("Before")
        old = self.deliver_event(partner)
        self.env.cr.execute("UPDATE res_partner SET name = 'Now' WHERE id = %s", [partner.id])
        self.env.invalidate_all()
        operation = self.replay()
        self.assertEqual((operation.total_count, operation.done_count), (1, 1))
        new = self.deliveries() - old
        self.assertEqual((new.state, new.lane), ("pending", "batch"))
        self.assertEqual(json.loads(new.event_id.payload)["name"], "Now")
        self.assertNotEqual(new.event_id.event_id, old.event_id.event_id)
        self.assertEqual(new.event_id.correlation_id, old.event_id.correlation_id)
        self.assertGreater(new.sequence, old.sequence)
        self.assertEqual((new.event_id.actor_id, new.state_changed_by), (self.operator, self.operator))
        self.assertEqual(old.state, "delivered")
        self.assertIn(new.id, self.claim_ids())

    def test_no_other_endpoint_gets_it(self):
        self.deliver_event(self.new_partner("Only one"))
        count = len(self.deliveries(self.bystander))
        self.replay()
        self.assertEqual(len(self.deliveries(self.bystander)), count)

    def test_a_record_with_many_events_is_told_once(self):
        partner = self.new_partner("Often")
        for _ in range(3):
            self.deliver_event(partner)
        operation = self.replay()
        self.assertEqual((operation.total_count, len(self.deliveries())), (1, 4))

    def test_deleted_and_unwanted_records_are_skipped_with_the_reason(self):
        deleted, untrue, unwanted, fine = (
            self.new_partner(name) for name in ("Gone", "Turns secret", "Not for them", "Fine")
        )
        for partner in (deleted, untrue, unwanted, fine):
            self.deliver_event(partner)
        before = self.deliveries()
        deleted.unlink()
        self.env.cr.execute("UPDATE res_partner SET name = 'Secret' WHERE id = %s", [untrue.id])
        self.env.invalidate_all()
        self.subscription.filter_domain = "[('name', '!=', 'Not for them')]"
        operation = self.replay()
        self.assertEqual((operation.done_count, operation.skipped_count), (1, 3))
        self.assertIn("1 × The document was deleted.", operation.skip_reasons)
        self.assertIn("2 × It is no longer wanted", operation.skip_reasons)
        self.assertEqual((self.deliveries() - before).res_id, fine.id)

    def test_content_that_cannot_be_put_together_is_skipped_with_the_reason(self):
        self.deliver_event(self.new_partner("Broken"))
        before = self.deliveries()
        self.env.cr.execute(
            "UPDATE integration_event_type_field SET path = 'no_such_field' WHERE event_type_id = %s",
            [self.watched.id],
        )
        self.env.invalidate_all()
        self.env["integration.capture.revision"]._bump()
        operation = self.replay()
        self.assertEqual(operation.skipped_count, 1)
        self.assertIn("no longer fits", operation.skip_reasons)
        self.assertEqual(self.deliveries(), before)
        self.assertFalse(self.env["integration.event"].search([("state", "=", "captured")]))

    def test_all_records_are_locked_in_one_go_so_that_no_save_is_met_crosswise(self):
        """Locks of one event type after the other would not be in ascending order."""
        other = self.new_event_type(paths=("name",))
        self.subscribe(self.endpoint, other)
        partners = [self.new_partner(name) for name in ("One", "Two")]
        for partner in partners:
            self.env["integration.event"]._capture(self.watched.id, partner)
            self.env["integration.event"]._capture(other.id, partner)
        self.complete()
        deliveries = self.env["integration.delivery"].search([("endpoint_id", "=", self.endpoint.id)])
        deliveries.write({"state": "delivered", "delivered_at": fields.Datetime.now(), "attempt_count": 1})
        with patch.object(replayed_events, "lock_records", wraps=replayed_events.lock_records) as lock:
            operation = self.prepare_replay("replay_current", event_types=self.watched | other)
            operation._start()
        self.assertEqual(operation.done_count, 4)
        lock.assert_called_once()
