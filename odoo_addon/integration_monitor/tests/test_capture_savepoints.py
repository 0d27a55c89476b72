"""An event shares the fate of every savepoint around the change it is about."""

import contextlib
from unittest.mock import patch

from odoo.tests import tagged

from .common import CaptureCase


class Undo(Exception):
    pass


@tagged("post_install", "-at_install")
class TestCaptureSavepoints(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type(paths=("name", "ref"))
        cls.subscribe(cls.new_endpoint(), cls.event_type)
        cls.env.flush_all()

    def create_partner(self, **values):
        return self.env["res.partner"].create({"name": "Ada", **values})

    def test_a_rolled_back_savepoint_leaves_no_event(self):
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            self.create_partner()
            raise Undo
        self.complete()
        self.assertFalse(self.events_of(self.event_type))

    def test_a_rolled_back_savepoint_without_flush_leaves_no_event(self):
        savepoint = self.env.cr.savepoint(flush=False)
        self.create_partner()
        self.env.flush_all()
        savepoint.close(rollback=True)
        self.complete()
        self.assertFalse(self.events_of(self.event_type))

    def test_writes_left_in_memory_by_a_rolled_back_savepoint_invent_no_event(self):
        savepoint = self.env.cr.savepoint(flush=False)
        partner = self.create_partner()
        self.env.flush_all()
        savepoint.close(rollback=True)
        self.env["integration.event"]._capture(self.event_type.id, partner)
        self.complete()
        self.assertFalse(self.events_of(self.event_type), "the record does not exist")

    def test_an_event_before_a_rolled_back_savepoint_is_still_completed(self):
        partner = self.create_partner()
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            partner.name = "Not to be"
            raise Undo
        self.complete()
        event = self.events_of(self.event_type)
        self.assertEqual(event.state, "recorded")
        self.assertEqual(self.payload_of(event)["name"], "Ada")
        self.assertEqual(len(event.delivery_ids), 1)

    def test_many_firings_of_one_save_become_one_event(self):
        firings = []
        capture = type(self.env["integration.event"])._capture

        def count_and_capture(events, event_type_id, *args, **kwargs):
            firings.append(event_type_id)
            return capture(events, event_type_id, *args, **kwargs)

        with patch.object(type(self.env["integration.event"]), "_capture", count_and_capture):
            partner = self.create_partner()
            self.env.flush_all()
        self.assertGreater(firings.count(self.event_type.id), 5, "core fires a rule for every computed field")
        self.complete()
        events = self.events_of(self.event_type).filtered(lambda event: event.res_id == partner.id)
        self.assertEqual(len(events), 1)
        self.assertEqual(len(events.delivery_ids), 1)

    def test_the_payload_carries_the_final_values(self):
        partner = self.create_partner(ref="first")
        with self.env.cr.savepoint():
            partner.ref = "second"
        partner.ref = "final"
        self.complete()
        self.assertEqual(self.payload_of(self.events_of(self.event_type))["ref"], "final")

    def test_a_later_change_in_another_round_is_another_event(self):
        partner = self.create_partner(ref="first")
        self.complete()
        partner.ref = "second"
        self.complete()
        first, second = self.events_of(self.event_type)
        self.assertEqual(self.payload_of(second)["ref"], "second")
        self.assertLess(first.sequence, second.sequence)
        self.assertEqual(first.correlation_id, second.correlation_id)

    def test_a_record_that_is_created_and_deleted_in_one_transaction_causes_no_event(self):
        self.create_partner().unlink()
        self.complete()
        self.assertFalse(self.events_of(self.event_type))

    def test_completion_lets_go_of_the_transaction_id(self):
        self.create_partner()
        self.complete()
        event = self.events_of(self.event_type)
        self.assertFalse(event.capture_transaction)
        self.assertTrue(event.recorded_at)

    def test_capture_does_not_touch_the_business_record(self):
        partner = self.create_partner()
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin, write_date FROM res_partner WHERE id = %s", (partner.id,))
        before = self.env.cr.fetchone()
        self.complete()
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin, write_date FROM res_partner WHERE id = %s", (partner.id,))
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_nothing_captured_completes_nothing(self):
        self.assertEqual(self.complete(), 0)
        self.assertEqual(self.env["integration.event"]._complete_orphans(), 0)
