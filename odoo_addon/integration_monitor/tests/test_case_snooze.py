"""Cases that are put aside come back by themselves, and at once when something new happens to them."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_outcome


@tagged("post_install", "-at_install")
class TestCaseSnooze(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "im_clerk", groups="base.group_user,base.group_partner_manager", email=False
        )
        cls.delivery = cls.deliver_to()
        cls.tomorrow = fields.Datetime.now() + timedelta(days=1)

    def snooze(self):
        self.delivery.with_user(self.clerk).action_snooze(self.tomorrow)
        self.assertTrue(self.delivery.is_snoozed)

    def is_in_inbox(self):
        domain = [("is_exception", "=", True), ("is_snoozed", "=", False), ("id", "=", self.delivery.id)]
        return bool(self.delivery.search_count(domain))

    def retry_later(self, number, failure_class):
        self.report(build_outcome(self.delivery.id, number, "retry", failure_class=failure_class))

    def test_a_snoozed_case_is_hidden_until_its_time(self):
        self.refuse(self.delivery)
        self.assertTrue(self.is_in_inbox())
        self.snooze()
        self.assertFalse(self.is_in_inbox())
        self.assertTrue(
            self.delivery.search_count([("is_snoozed", "=", True), ("id", "=", self.delivery.id)])
        )
        self.delivery.snoozed_until = fields.Datetime.now() - timedelta(minutes=1)
        self.assertTrue(self.is_in_inbox())
        self.assertFalse(self.delivery.is_snoozed)

    def test_the_counter_in_the_menu_bar_leaves_out_what_is_snoozed(self):
        before = self.delivery.get_exception_count()["count"]
        self.refuse(self.delivery)
        self.assertEqual(self.delivery.get_exception_count()["count"], before + 1)
        self.snooze()
        self.assertEqual(self.delivery.get_exception_count()["count"], before)

    def test_a_try_that_fails_for_the_same_kind_of_reason_leaves_it_asleep(self):
        self.retry_later(1, "timeout")
        self.snooze()
        self.retry_later(2, "connect")
        self.assertFalse(self.is_in_inbox())

    def test_a_new_kind_of_failure_wakes_it_at_once(self):
        self.retry_later(1, "timeout")
        self.snooze()
        self.retry_later(2, "auth")
        self.assertTrue(self.is_in_inbox())

    def test_giving_up_wakes_it_at_once(self):
        self.retry_later(1, "timeout")
        self.snooze()
        self.refuse(self.delivery, failure_class="timeout")
        self.assertTrue(self.is_in_inbox())

    def test_sending_again_by_hand_ends_the_snooze(self):
        self.refuse(self.delivery)
        self.snooze()
        self.delivery.action_retry()
        self.assertFalse(self.delivery.snoozed_until)

    def test_a_snoozed_case_can_be_woken_by_hand(self):
        self.refuse(self.delivery)
        self.snooze()
        self.delivery.with_user(self.clerk).action_wake()
        self.assertTrue(self.is_in_inbox())

    def test_only_a_moment_in_the_near_future_is_taken(self):
        self.refuse(self.delivery)
        for until in (False, "", "soon", "2020-01-01 00:00:00", "2999-01-01 00:00:00", 7):
            with self.subTest(until=until), self.assertRaisesRegex(UserError, "IM_SNOOZE_TIME"):
                self.delivery.with_user(self.clerk).action_snooze(until)
        self.assertTrue(self.is_in_inbox())

    def test_who_may_not_change_a_case_cannot_hide_it(self):
        self.refuse(self.delivery)
        viewer = new_test_user(self.env, "im_viewer", groups="integration_monitor.group_user", email=False)
        with self.assertRaises(AccessError):
            self.delivery.with_user(viewer).action_snooze(self.tomorrow)
        self.snooze()
        with self.assertRaises(AccessError):
            self.delivery.with_user(viewer).action_wake()

    def test_the_choices_mean_mornings_in_the_persons_time_zone(self):
        self.clerk.tz = "Europe/Brussels"
        wizards = self.env["integration.case.wizard"].with_user(self.clerk).with_context(tz="Europe/Brussels")
        with freeze_time("2026-11-20 10:00:00"):  # a Friday
            for duration, day, moment in (
                ("tomorrow", False, datetime(2026, 11, 21, 7)),
                ("week", False, datetime(2026, 11, 23, 7)),
                ("date", "2027-07-01", datetime(2027, 7, 1, 6)),
            ):
                wizard = wizards.new({"kind": "snooze", "duration": duration, "day": day})
                self.assertEqual(wizard._find_moment(), moment, duration)
