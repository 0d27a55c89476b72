"""What is deleted when it is old, and what never is."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .delivery_case import DeliveryCase, build_outcome


@tagged("post_install", "-at_install")
class TestRetention(DeliveryCase):
    def age(self, deliveries, days=91):
        before = fields.Datetime.now() - timedelta(days=days)
        deliveries.write({"state_changed_at": before})
        deliveries.event_id.write({"recorded_at": before})

    def purge(self):
        self.flush()
        with self.enter_registry_test_mode():
            self.env.ref("integration_monitor.ir_cron_purge").method_direct_trigger()
        self.env.invalidate_all()

    def test_old_finished_deliveries_go_with_their_events_attempts_and_history(self):
        delivery = self.deliver_to()
        self.refuse(delivery)
        delivery.action_retry()
        self.report(build_outcome(delivery.id, 2))
        event, attempts, transitions = delivery.event_id, delivery.attempt_ids, delivery.transition_ids
        self.assertTrue(attempts and transitions)
        self.age(delivery)
        self.purge()
        for rows in (delivery, event, attempts, transitions):
            self.assertFalse(rows.exists(), rows._name)

    def test_each_finished_state_is_purged(self):
        deliveries = self.env["integration.delivery"]
        for state in ("delivered", "acknowledged", "cancelled", "superseded", "expired"):
            deliveries += self.deliver_to(state=state)
        self.age(deliveries)
        self.purge()
        self.assertFalse(deliveries.exists())

    def test_waiting_and_failed_deliveries_are_never_purged(self):
        deliveries = self.env["integration.delivery"]
        for state in ("pending", "queued", "failed"):
            deliveries += self.deliver_to(state=state)
        self.age(deliveries, days=5000)
        self.purge()
        self.assertEqual(deliveries.exists(), deliveries)
        self.assertEqual(deliveries.event_id.exists(), deliveries.event_id)

    def test_young_deliveries_stay(self):
        delivery = self.deliver_to(state="delivered")
        self.age(delivery, days=89)
        self.purge()
        self.assertTrue(delivery.exists())

    def test_an_event_stays_as_long_as_one_of_its_deliveries(self):
        old = self.deliver_to(state="delivered")
        waiting = old.sudo().copy({"endpoint_id": self.endpoint.copy().id, "state": "pending"})
        self.age(old)
        self.purge()
        self.assertFalse(old.exists())
        self.assertTrue(waiting.exists())
        self.assertTrue(waiting.event_id.exists())

    def test_old_events_nobody_subscribed_to_are_deleted(self):
        delivery = self.deliver_to()
        event = delivery.event_id
        self.age(delivery)
        delivery.unlink()
        self.purge()
        self.assertFalse(event.exists())

    def test_old_erroneous_events_that_nobody_waits_for_are_deleted(self):
        delivery = self.deliver_to(state="cancelled")
        event = delivery.event_id
        event.write({"state": "error", "error": "The field list no longer fits", "payload": False})
        self.age(delivery)
        self.purge()
        self.assertFalse(event.exists())

    def test_the_retention_can_be_set(self):
        self.env["res.config.settings"].create({"integration_retention_days": 5}).execute()
        delivery = self.deliver_to(state="delivered")
        self.age(delivery, days=6)
        self.purge()
        self.assertFalse(delivery.exists())

    def test_a_retention_of_less_than_a_day_is_refused(self):
        for days in (0, -1):
            with self.assertRaisesRegex(ValidationError, "IM_RETENTION_INVALID"):
                self.env["res.config.settings"].create({"integration_retention_days": days})

    def test_workers_that_were_silent_for_a_week_are_forgotten(self):
        for name in ("worker-old", "worker-new"):
            self.door.handshake(worker=name, version="1")
        workers = self.env["integration.worker"]
        old, new = (workers.search([("name", "=", name)]) for name in ("worker-old", "worker-new"))
        old.last_seen_at = fields.Datetime.now() - timedelta(days=8)
        workers._gc_silent_workers()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())
