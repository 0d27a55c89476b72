"""What people do with deliveries, and what it leaves behind."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .delivery_case import DeliveryCase, build_outcome


@tagged("post_install", "-at_install")
class TestDeliveryActions(DeliveryCase):
    def test_a_delivery_is_named_by_its_document_and_endpoint(self):
        self.assertEqual(self.deliver_to().display_name, "Mercy Hospital → Receiver")

    def test_retrying_a_failed_delivery_makes_it_due_and_begins_a_new_schedule(self):
        delivery = self.deliver_to()
        self.report(build_outcome(delivery.id, 1, "retry"))
        self.refuse(delivery)
        delivery.action_retry()
        (claim,) = self.claim()
        self.assertEqual((claim["attempt_number"], claim["schedule_step"]), (3, 1))
        self.assertEqual(len(delivery.attempt_ids), 2, "the history stays")

    def test_retrying_leaves_who_when_and_why(self):
        delivery = self.deliver_to()
        self.refuse(delivery)
        admin = self.env.ref("base.user_admin")
        delivery.with_user(admin).action_retry()
        transition = delivery.transition_ids
        self.assertEqual((transition.from_state, transition.to_state), ("failed", "pending"))
        self.assertEqual(transition.user_id, admin)
        self.assertTrue(transition.at)
        self.assertTrue(transition.reason)
        self.assertEqual(delivery.state_changed_by, admin)

    def test_retrying_a_waiting_delivery_hastens_it_within_its_schedule(self):
        delivery = self.deliver_to()
        self.report(build_outcome(delivery.id, 1, "retry", retry_delay_s=3600))
        self.assertEqual(self.claim(), [])
        delivery.action_retry()
        (claim,) = self.claim()
        self.assertEqual(claim["schedule_step"], 2)

    def test_hastening_a_leased_delivery_does_not_let_a_second_worker_take_it(self):
        delivery = self.deliver_to()
        self.claim()
        delivery.action_retry()
        self.assertEqual(self.claim(worker="worker-2"), [])

    def test_cancelled_and_expired_deliveries_can_be_sent_again(self):
        for state in ("cancelled", "expired"):
            delivery = self.deliver_to(record=self.new_partners(1), state=state)
            delivery.action_retry()
            self.assertEqual(delivery.state, "pending", state)

    def test_a_mixed_selection_retries_what_can_be_retried(self):
        partners = self.new_partners(2)
        failed, delivered = (self.deliver_to(record=partner) for partner in partners)
        self.refuse(failed)
        self.report(build_outcome(delivered.id))
        (failed + delivered).action_retry()
        self.assertEqual(failed.state, "pending")
        self.assertEqual(delivered.state, "delivered")

    def test_retrying_only_what_is_over_or_on_its_way_is_refused(self):
        delivered = self.deliver_to()
        self.report(build_outcome(delivered.id))
        for delivery in (delivered, self.deliver_to(state="queued"), self.deliver_to(state="superseded")):
            with self.assertRaisesRegex(UserError, "IM_RETRY_NOTHING"):
                delivery.action_retry()

    def test_retrying_renders_an_erroneous_event_first(self):
        delivery = self.deliver_to(state="failed", failure_class="payload")
        delivery.event_id.write({"state": "error", "payload": False, "error": "A field is missing"})
        delivery.action_retry()
        self.assertEqual(delivery.event_id.state, "recorded")
        self.assertTrue(delivery.event_id.payload)

    def test_retrying_an_event_that_still_cannot_be_rendered_is_refused_with_the_reason(self):
        partner = self.new_partners(1)
        delivery = self.deliver_to(record=partner, state="failed", failure_class="payload")
        delivery.event_id.write({"state": "error", "payload": False})
        partner.unlink()
        with self.assertRaisesRegex(UserError, "IM_EVENT_NOT_SENDABLE: .*no longer exists"):
            delivery.action_retry()

    def test_cancelling_needs_a_reason(self):
        delivery = self.deliver_to()
        for reason in ("", "   ", False, None):
            with self.assertRaisesRegex(UserError, "IM_CANCEL_REASON_MISSING"):
                delivery.action_cancel(reason)
        self.assertEqual(delivery.state, "pending")

    def test_cancelling_keeps_the_reason_on_the_delivery_and_in_its_history(self):
        delivery = self.deliver_to()
        delivery.action_cancel(" Sent by mail ")
        self.assertEqual(delivery.state, "cancelled")
        self.assertEqual(delivery.state_reason, "Sent by mail")
        self.assertEqual(delivery.transition_ids.reason, "Sent by mail")

    def test_cancelling_what_is_over_is_refused(self):
        delivery = self.deliver_to()
        self.report(build_outcome(delivery.id))
        with self.assertRaisesRegex(UserError, "IM_CANCEL_NOTHING"):
            delivery.action_cancel("Too late")

    def test_a_change_the_state_machine_does_not_know_is_refused(self):
        delivery = self.deliver_to(state="delivered")
        with self.assertRaisesRegex(UserError, "IM_TRANSITION_REFUSED: .*Delivered .*Cancelled"):
            delivery._transition("cancelled", reason="x")
        self.assertFalse(delivery.transition_ids)

    def test_retrying_and_cancelling_wake_the_sidecar_once_and_tell_open_screens(self):
        deliveries = self.deliver_to() + self.deliver_to(record=self.new_partners(1))
        self.flush()
        bus = type(self.env["bus.bus"])
        for act in (lambda: deliveries.action_retry(), lambda: deliveries.action_cancel("Not wanted")):
            with patch.object(bus, "_sendone") as send:
                act()
            sent = [(call.args[0], call.args[1]) for call in send.call_args_list]
            wake = (self.env["integration.bus"]._wake_channel(), "integration_monitor.wake")
            self.assertEqual(sent.count(wake), 1)
            self.assertIn(("integration_monitor.monitor", "integration_monitor.changed"), sent)
            for delivery in deliveries:
                channel = f"integration_monitor.document_res.partner_{delivery.res_id}"
                self.assertIn((channel, "integration_monitor.document_changed"), sent)
            self.assertEqual(len(sent), len(set(sent)))
            self.flush()

    def test_the_document_of_a_delivery_can_be_opened(self):
        action = self.deliver_to().action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.partner.id))

    def test_opening_a_deleted_document_says_so(self):
        partner = self.new_partners(1)
        delivery = self.deliver_to(record=partner)
        partner.unlink()
        with self.assertRaisesRegex(UserError, "IM_DOCUMENT_MISSING: Contact 0 does not exist"):
            delivery.action_open_document()

    def test_an_event_goes_to_an_endpoint_only_once(self):
        delivery = self.deliver_to()
        with (
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
            self.assertLogs("odoo.sql_db", "ERROR"),
        ):
            delivery.copy()
            self.env.flush_all()

    def test_the_overview_counts_what_waits_failed_and_was_delivered(self):
        partners = self.new_partners(4)
        waiting, queued, failed, delivered = (self.deliver_to(record=partner) for partner in partners)
        self.publish([c for c in self.claim() if c["delivery_id"] == queued.id])
        self.refuse(failed)
        now = fields.Datetime.now().isoformat() + ".000Z"
        self.report(build_outcome(delivered.id, started_at=now))
        self.door.handshake(worker="worker-1", version="1.2.3")
        overview = self.env["integration.delivery"].with_user(self.env.ref("base.user_admin")).get_overview()
        self.assertGreaterEqual(overview["counts"]["pending"], 1)
        ours = next(e for e in overview["endpoints"] if e["id"] == self.endpoint.id)
        self.assertEqual(ours["pending_count"], 2)
        self.assertEqual(ours["failed_count"], 1)
        self.assertEqual(ours["last_error"], failed.last_error)
        self.assertEqual(ours["health"], "failing")
        self.assertTrue(ours["last_delivered_at"].startswith(now[:16]))
        self.assertTrue(overview["oldest_pending_at"])
        self.assertTrue(overview["is_flowing"])
        self.assertIn(
            ("worker-1", "1.2.3", True), [(w["name"], w["version"], w["alive"]) for w in overview["workers"]]
        )
        self.assertEqual(waiting.state, "pending")

    def test_a_worker_that_was_silent_for_half_a_minute_is_not_alive(self):
        self.door.handshake(worker="worker-silent", version="1")
        worker = self.env["integration.worker"].search([("name", "=", "worker-silent")])
        self.assertTrue(worker.is_alive)
        worker.last_seen_at = fields.Datetime.now() - timedelta(seconds=31)
        self.assertFalse(worker.is_alive)

    def test_the_overview_shows_a_replaced_worker_only_while_nobody_else_was_seen(self):
        self.env["integration.worker"].search([]).unlink()
        self.door.handshake(worker="worker-old", version="1")
        old = self.env["integration.worker"].search([("name", "=", "worker-old")])
        old.last_seen_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self._overview_worker_names(), ["worker-old"])
        self.door.handshake(worker="worker-new", version="1")
        self.assertEqual(self._overview_worker_names(), ["worker-new"])

    def _overview_worker_names(self):
        overview = self.env["integration.delivery"].with_user(self.env.ref("base.user_admin")).get_overview()
        return [worker["name"] for worker in overview["workers"]]
