"""Deliveries that come back from the road: lost by the broker, too late, or given back unsent."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_outcome


@tagged("post_install", "-at_install")
class TestTakenBack(DeliveryCase):
    def put_on_the_road(self, queued_for_s=0, **values):
        delivery = self.deliver_to(**values)
        claims = self.claim()
        self.publish(claims)
        delivery.queued_at = fields.Datetime.now() - timedelta(seconds=queued_for_s)
        return delivery

    def give_back(self, delivery, attempt_number=1):
        return self.report(build_outcome(delivery.id, attempt_number, "returned"))

    def test_what_the_broker_lost_is_shown_in_the_delivery_s_history_and_in_odoo_s_log(self):
        delivery = self.put_on_the_road(queued_for_s=901)
        with self.assertLogs("odoo.addons.integration_monitor", "WARNING") as logs:
            self.claim()
        self.assertIn("IM_DELIVERIES_STRANDED: 1 deliveries", logs.output[0])
        self.assertTrue(delivery.stranded_at)
        user = new_test_user(self.env, "test_looker", groups="integration_monitor.group_user")
        counts = self.env["integration.delivery"].with_user(user).get_overview()["counts"]
        self.assertEqual(counts["lost_24h"], 1)
        history = delivery.transition_ids
        self.assertEqual((history.from_state, history.to_state), ("queued", "pending"))
        self.assertFalse(history.user_id)
        self.assertIn("lost on the way", history.reason)

    def test_a_copy_may_be_sent_until_some_minutes_before_odoo_gives_out_the_next_one(self):
        self.deliver_to()
        now = fields.Datetime.now()
        [claim] = self.claim()
        send_before = fields.Datetime.to_datetime(claim["send_before"][:19].replace("T", " "))
        self.assertAlmostEqual((send_before - now).total_seconds(), 900 - 180, delta=5)

    def test_a_short_queue_timeout_leaves_half_of_it_for_sending(self):
        self.env["ir.config_parameter"].set_param("integration_monitor.queue_timeout_s", "10")
        now = self.env["integration.delivery"]._now()
        self.assertEqual(self.env["integration.delivery"]._send_before(now), now + timedelta(seconds=5))

    def test_a_delivery_given_back_waits_again_without_an_attempt_and_says_why(self):
        delivery = self.put_on_the_road()
        due_at = delivery.next_attempt_at
        self.endpoint.action_pause()
        self.assertEqual(self.give_back(delivery)["applied"], delivery.ids)
        self.assertEqual((delivery.state, delivery.attempt_count), ("pending", 0))
        self.assertFalse(delivery.attempt_ids)
        self.assertFalse(delivery.stranded_at)
        self.assertEqual(delivery.next_attempt_at, due_at)
        self.assertIn("paused or stopped", delivery.state_reason)
        self.endpoint.action_resume()
        self.assertEqual([claim["attempt_number"] for claim in self.claim()], [1])

    def test_a_delivery_given_back_although_its_endpoint_is_active_comes_again_a_little_later(self):
        delivery = self.put_on_the_road()
        self.give_back(delivery)
        self.assertEqual(self.claim(), [])
        self.assertGreater(delivery.next_attempt_at, fields.Datetime.now())

    def test_a_repeated_giving_back_leaves_alone_the_copy_that_was_given_out_since(self):
        delivery = self.deliver_to()
        [first] = self.claim()
        given_back = build_outcome(delivery.id, 1, "returned", send_before=first["send_before"])
        self.assertEqual(self.report(given_back)["applied"], delivery.ids)
        delivery.next_attempt_at = fields.Datetime.now()
        [second] = self.claim()
        self.assertGreater(second["send_before"], first["send_before"])
        # Odoo died before it could answer the first report, so the sidecar says it again.
        self.assertEqual(self.report(given_back)["stale"], delivery.ids)
        delivery.next_attempt_at = fields.Datetime.now()
        self.assertEqual(self.claim(), [])
        self.publish([second])
        self.assertEqual(self.report(given_back)["stale"], delivery.ids)
        self.assertEqual(delivery.state, "queued")
        given_back["send_before"] = second["send_before"]
        self.assertEqual(self.report(given_back)["applied"], delivery.ids)

    def test_a_delivery_given_back_before_it_was_announced_is_not_queued_by_the_late_announcement(self):
        delivery = self.deliver_to()
        claims = self.claim()
        self.assertEqual(self.give_back(delivery)["applied"], delivery.ids)
        self.assertEqual(self.publish(claims), [])
        self.assertEqual(delivery.state, "pending")

    def test_the_history_tells_of_a_delivery_given_back_before_it_was_announced(self):
        delivery = self.deliver_to()
        self.claim()
        self.give_back(delivery)
        history = delivery.transition_ids
        self.assertEqual((history.from_state, history.to_state), ("pending", "pending"))
        self.assertIn("paused or stopped", history.reason)

    def test_an_outcome_counts_although_its_report_also_gives_the_same_attempt_back(self):
        for results in (("returned", "delivered"), ("delivered", "returned")):
            delivery = self.put_on_the_road(record=self.new_partners(1))
            answer = self.report(*(build_outcome(delivery.id, 1, result) for result in results))
            self.assertEqual(answer["applied"], delivery.ids)
            self.assertEqual((delivery.state, delivery.attempt_count), ("delivered", 1))

    def test_giving_back_changes_nothing_after_the_outcome_or_a_cancellation(self):
        delivery = self.put_on_the_road()
        self.report(build_outcome(delivery.id))
        self.assertEqual(self.give_back(delivery)["stale"], delivery.ids)
        self.assertEqual(self.give_back(delivery, attempt_number=2)["stale"], delivery.ids)
        self.assertEqual(delivery.state, "delivered")
        cancelled = self.put_on_the_road(record=self.new_partners(1))
        cancelled.action_cancel("Not wanted")
        self.assertEqual(self.give_back(cancelled)["stale"], cancelled.ids)
        self.assertEqual(cancelled.state, "cancelled")

    def test_giving_back_counts_neither_for_nor_against_the_endpoint_s_breaker(self):
        self.endpoint.consecutive_failure_count = 3
        self.give_back(self.put_on_the_road())
        self.assertEqual(self.endpoint.consecutive_failure_count, 3)

    def test_an_outcome_and_a_return_in_one_report_are_both_recorded(self):
        delivered = self.put_on_the_road()
        returned = self.put_on_the_road(record=self.new_partners(1))
        answer = self.report(
            build_outcome(delivered.id),
            build_outcome(returned.id, 1, "returned"),
        )
        self.assertEqual(set(answer["applied"]), {delivered.id, returned.id})
        self.assertEqual((delivered.state, returned.state), ("delivered", "pending"))

    def test_after_an_outage_nothing_is_given_out_anew_until_reports_had_time_to_arrive(self):
        delivery = self.put_on_the_road(queued_for_s=901)
        leased = self.deliver_to(record=self.new_partners(1))
        self.claim()
        leased.lease_until = fields.Datetime.now() - timedelta(seconds=30)
        gate = self.env["integration.claim.gate"].search([])
        delivery.write({"state": "queued", "queued_at": fields.Datetime.now() - timedelta(seconds=901)})
        gate.last_turn_at = fields.Datetime.now() - timedelta(seconds=61)
        self.assertEqual(self.claim(), [])
        self.assertEqual(delivery.state, "queued")
        gate.steady_since = fields.Datetime.now() - timedelta(seconds=61)
        leased.lease_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(set(self.claim_ids()), {delivery.id, leased.id})
