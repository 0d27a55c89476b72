"""Somebody else is told when cases wait for too long: one activity per endpoint, once per case."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..models.integration_delivery_escalation import ACTIVITY_TYPE
from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestCaseEscalation(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.owner = (
            new_test_user(cls.env, login, groups="integration_monitor.group_manager", email=False)
            for login in ("im_boss", "im_owner")
        )
        cls.endpoint.owner_id = cls.owner
        cls.parameters = cls.env["ir.config_parameter"]
        cls.parameters.set_param("integration_monitor.escalation_user_id", cls.manager.id)
        # Whatever else the database has waits for nobody here.
        cls.env["integration.delivery"].search([("is_exception", "=", True)]).escalated_at = "2026-01-01"

    def fail(self, hours_ago, **values):
        return self.deliver_to(
            record=self.new_partners(1),
            state="failed",
            failure_class="contract",
            waiting_since=fields.Datetime.now() - timedelta(hours=hours_ago),
            **values,
        )

    def run_job(self):
        self.env["integration.delivery"]._cron_tend_cases()

    def activities(self):
        return self.endpoint.activity_search([ACTIVITY_TYPE])

    def test_cases_that_wait_for_longer_than_the_setting_are_escalated_in_one_activity(self):
        old, older, young = self.fail(25), self.fail(72), self.fail(23)
        self.run_job()
        self.assertTrue(old.escalated_at and older.escalated_at)
        self.assertFalse(young.escalated_at)
        self.assertEqual(self.activities().user_id, self.manager)
        self.assertIn("2 cases", self.activities().note)

    def test_a_case_is_escalated_once(self):
        case = self.fail(25)
        self.run_job()
        told_at = case.escalated_at
        self.activities().action_feedback()
        self.run_job()
        self.assertFalse(self.activities())
        self.assertEqual(case.escalated_at, told_at)

    def test_the_activity_ends_when_no_escalated_case_is_left(self):
        case = self.fail(25)
        self.run_job()
        case.action_cancel("Entered by hand")
        self.run_job()
        self.assertFalse(self.activities())

    def test_without_a_person_in_the_settings_the_owner_of_the_endpoint_is_told(self):
        self.parameters.set_param("integration_monitor.escalation_user_id", False)
        self.fail(25)
        self.run_job()
        self.assertEqual(self.activities().user_id, self.owner)

    def test_snoozed_cases_and_those_sent_again_lately_are_left_alone(self):
        snoozed = self.fail(25, snoozed_until=fields.Datetime.now() + timedelta(days=1))
        retried = self.fail(25)
        retried.action_retry()
        self.run_job()
        self.assertFalse(snoozed.escalated_at or retried.escalated_at)

    def test_nothing_is_escalated_when_the_setting_says_never(self):
        self.parameters.set_param("integration_monitor.escalate_after_hours", "never")
        case = self.fail(1000)
        self.run_job()
        self.assertFalse(case.escalated_at)
