"""Two transactions about one record: the later number is never committed first."""

import threading
import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from ..capture.hint_sender import HINT_SENDER

DEADLINE_S = 20


@tagged("post_install", "-at_install")
class TestCaptureOrder(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.event_type_id = (
                env["integration.event.type"]
                .create(
                    {
                        "name": "Order test",
                        "technical_name": "test.order.v1",
                        "trigger": "on_unlink",
                        "model_id": env["ir.model"]._get_id("res.bank"),
                        "field_ids": [Command.create({"path": "name"})],
                    }
                )
                .id
            )
            self.bank_id = env["res.bank"].create({"name": "Order test"}).id
        self.addCleanup(self.remove_everything)

    def remove_everything(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            of_type = [("event_type_id", "=", self.event_type_id)]
            env["integration.delivery"].search(of_type).unlink()
            env["integration.event"].search(of_type).unlink()
            endpoints = env["integration.subscription"].search(of_type).endpoint_id
            env["integration.event.type"].browse(self.event_type_id).unlink()
            endpoints.unlink()
            env["res.bank"].browse(self.bank_id).unlink()

    def capture(self, cr):
        """Capture an event about the bank and return its uuid."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["integration.event"]._capture(self.event_type_id, env["res.bank"].browse(self.bank_id))
        cr.execute(
            "SELECT event_id FROM integration_event WHERE state = 'captured' AND event_type_id = %s",
            (self.event_type_id,),
        )
        return cr.fetchone()[0]

    def wait_until_blocked(self, cr, pid):
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            cr.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND pid = %s", (pid,)
            )
            if cr.rowcount:
                return
        self.fail("the second transaction did not wait for the first")

    def test_a_transaction_waits_with_its_number_until_an_earlier_one_has_committed(self):
        second_done = threading.Event()

        def commit_second():
            second.commit()
            second_done.set()

        with self.registry.cursor() as first, self.registry.cursor() as second:
            second_event = self.capture(second)
            first_event = self.capture(first)
            second.execute("SELECT pg_backend_pid()")
            second_pid = second.fetchone()[0]
            # The first one has its number and goes on; the second one wants to commit.
            api.Environment(first, SUPERUSER_ID, {})["integration.event"]._complete_captured()
            thread = threading.Thread(target=commit_second, daemon=True)
            thread.start()
            self.wait_until_blocked(first, second_pid)
            self.assertFalse(second_done.is_set())
            first.commit()
            thread.join(DEADLINE_S)
            self.assertTrue(second_done.is_set())
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT event_id, sequence FROM integration_event WHERE event_type_id = %s",
                (self.event_type_id,),
            )
            sequences = dict(cr.fetchall())
        self.assertLess(sequences[first_event], sequences[second_event])

    def subscribe(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        endpoint = env["integration.endpoint"].create(
            {"name": "Order test", "url": "https://receiver.example.org/hooks"}
        )
        endpoint.action_activate()
        env["integration.subscription"].create(
            {"endpoint_id": endpoint.id, "event_type_id": self.event_type_id}
        )

    def find_event(self, cr):
        events = api.Environment(cr, SUPERUSER_ID, {})["integration.event"]
        return events.search([("event_type_id", "=", self.event_type_id)])

    def test_an_endpoint_that_becomes_active_while_a_save_is_under_way_gets_its_event(self):
        with self.registry.cursor() as saving:
            self.capture(saving)
            with self.registry.cursor() as configuring:
                self.subscribe(configuring)
            with patch.object(HINT_SENDER, "post") as post:
                saving.commit()
            [(_registry, hints)] = [call.args for call in post.call_args_list]
            self.assertTrue(hints.wake, "so that a claim completes it soon")
        with self.registry.cursor() as cr:
            self.assertEqual(self.find_event(cr).state, "captured")
            self.find_event(cr)._complete_orphans()
            self.assertEqual(self.find_event(cr).delivery_ids.endpoint_id.name, "Order test")

    def test_a_configuration_that_is_not_committed_postpones_nothing(self):
        with self.registry.cursor() as configuring:
            self.subscribe(configuring)
            configuring.flush()
            with self.registry.cursor() as saving:
                self.capture(saving)
            configuring.rollback()
        with self.registry.cursor() as saving:
            self.assertEqual(self.find_event(saving).state, "recorded")
            self.capture(saving)
        with self.registry.cursor() as cr:
            self.assertEqual(self.find_event(cr).mapped("state"), ["recorded", "recorded"])
