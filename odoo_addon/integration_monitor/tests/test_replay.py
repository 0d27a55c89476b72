"""Replaying single deliveries: the same id again, a schedule of its own, and always a way back."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_outcome


@tagged("post_install", "-at_install")
class TestReplay(DeliveryCase):
    def deliver(self, **values):
        """A delivery that the endpoint took."""
        delivery = self.deliver_to(**values)
        self.claim()
        self.report(build_outcome(delivery.id))
        return delivery

    def replay(self, **values):
        delivery = self.deliver(**values)
        delivery.action_replay()
        return delivery

    def test_a_replay_sends_the_same_event_with_the_same_id_as_the_next_attempt(self):
        delivery = self.deliver_to()
        (first,) = self.claim()
        self.report(build_outcome(delivery.id))
        delivery.action_replay()
        (again,) = self.claim()
        self.assertEqual(again["webhook_id"], first["webhook_id"])
        self.assertEqual(again["body"], first["body"])
        self.assertEqual((again["attempt_number"], again["schedule_step"]), (2, 1))
        self.report(build_outcome(delivery.id, 2))
        self.assertEqual((delivery.state, len(delivery.attempt_ids)), ("delivered", 2))

    def test_a_replay_leaves_who_and_when_it_was_delivered_before(self):
        delivery = self.deliver()
        delivered_at = delivery.delivered_at
        operator = new_test_user(
            self.env, "replaying", groups="integration_monitor.group_operator", email=False
        )
        delivery.with_user(operator).action_replay()
        self.assertEqual(delivery.transition_ids.user_id, operator)
        self.assertEqual(delivery.transition_ids.from_state, "delivered")
        self.assertEqual(delivery.first_delivered_at, delivered_at)

    def test_staff_replay_what_they_may_edit_and_nothing_else(self):
        delivery = self.deliver()
        reader = new_test_user(self.env, "reading", groups="integration_monitor.group_user", email=False)
        with self.assertRaises(AccessError):
            delivery.with_user(reader).action_replay()
        clerk = new_test_user(
            self.env, "editing", groups="base.group_user,base.group_partner_manager", email=False
        )
        delivery.with_user(clerk).action_replay()
        self.assertEqual(delivery.state, "pending")

    def test_what_was_not_delivered_cannot_be_replayed(self):
        for state in ("pending", "queued", "failed", "cancelled", "superseded", "expired"):
            delivery = self.deliver_to(record=self.new_partners(1), state=state)
            with self.assertRaisesRegex(UserError, "IM_REPLAY_NOTHING"):
                delivery.action_replay()
            self.assertEqual(delivery.state, state)

    def test_a_retry_does_not_touch_what_was_delivered(self):
        delivery = self.deliver()
        with self.assertRaisesRegex(UserError, "IM_RETRY_NOTHING"):
            delivery.action_retry()
        self.assertEqual(delivery.state, "delivered")

    def test_an_event_whose_content_is_gone_cannot_be_replayed(self):
        delivery = self.deliver()
        delivery.event_id.payload = False
        with self.assertRaisesRegex(UserError, "IM_REPLAY_NOTHING: .*no longer stored"):
            delivery.action_replay()

    def test_late_copies_of_earlier_attempts_change_nothing(self):
        delivery = self.replay()
        for result in ("delivered", "retry", "failed"):
            self.assertEqual(self.report(build_outcome(delivery.id, 1, result))["stale"], delivery.ids)
        self.assertEqual(delivery.state, "pending")

    def test_a_replay_that_fails_for_now_is_repeated_and_then_needs_a_person(self):
        delivery = self.replay()
        self.report(build_outcome(delivery.id, 2, "retry"))
        self.assertEqual(delivery.state, "pending")
        self.report(build_outcome(delivery.id, 3, "failed"))
        self.assertEqual(delivery.state, "failed")

    def test_a_failed_replay_holds_nothing_behind_it(self):
        delivery = self.replay()
        follower = self.deliver_to()
        self.assertEqual(self.claim_ids(), delivery.ids, "in order while it is on its way")
        self.report(build_outcome(delivery.id, 2, "failed", failure_class="conflict", status_code=409))
        self.assertFalse(follower.held_by_id)
        self.assertEqual(self.claim_ids(), follower.ids)

    def test_cancelling_a_replay_leads_back_to_delivered(self):
        for fail in (False, True):
            delivery = self.deliver(record=self.new_partners(1))
            delivered_at = delivery.delivered_at
            delivery.action_replay()
            if fail:
                self.refuse(delivery)
            delivery.action_cancel("They have it after all")
            self.assertEqual(delivery.state, "delivered")
            self.assertEqual(delivery.delivered_at, delivered_at)
            self.assertFalse(delivery.last_error)
            self.assertIn("They have it after all", delivery.state_reason)
            self.assertFalse(self.claim_ids())

    def test_the_attempt_under_way_of_a_cancelled_replay_is_on_record(self):
        delivery = self.replay()
        self.publish(self.claim())
        delivery.action_cancel("Not needed")
        self.assertEqual(self.report(build_outcome(delivery.id, 2))["applied"], delivery.ids)
        self.assertEqual((delivery.state, delivery.attempt_count), ("delivered", 2))

    def test_a_replay_that_waits_too_long_is_delivered_as_before(self):
        self.endpoint.max_age_hours = 1
        delivery = self.replay()
        delivery.waiting_since = fields.Datetime.now() - timedelta(hours=2)
        self.env.flush_all()
        self.assertFalse(self.claim_ids())
        self.assertEqual(delivery.state, "delivered")
        self.assertEqual(delivery.delivered_at, delivery.first_delivered_at)

    def test_the_age_of_a_replay_begins_with_the_replay(self):
        self.endpoint.max_age_hours = 1
        delivery = self.deliver()
        delivery.waiting_since = fields.Datetime.now() - timedelta(hours=48)
        delivery.action_replay()
        self.assertEqual(self.claim_ids(), delivery.ids)

    def test_an_open_breaker_makes_a_replay_wait(self):
        delivery = self.deliver()
        self.endpoint.write(
            {"breaker_state": "open", "breaker_probe_at": fields.Datetime.now() + timedelta(hours=1)}
        )
        delivery.action_replay()
        self.env.flush_all()
        self.assertFalse(self.claim_ids())
        self.assertEqual(delivery.state, "pending")

    def test_where_only_the_latest_counts_an_older_one_is_not_replayed(self):
        subscription = self.env["integration.subscription"].create(
            {
                "endpoint_id": self.endpoint.id,
                "event_type_id": self.event_type.id,
                "ordering": "latest_only",
            }
        )
        older, newer = (self.deliver(subscription_id=subscription.id) for _ in range(2))
        with self.assertRaisesRegex(UserError, "IM_REPLAY_NOTHING: .*newer event"):
            older.action_replay()
        newer.action_replay()
        self.assertEqual((older.state, newer.state), ("delivered", "pending"))
