"""Who may do what to many deliveries: exactly what one may do to each of them."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .bulk_case import BulkCase


@tagged("post_install", "-at_install")
class TestBulkRights(BulkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "bulk_clerk", groups="base.group_user,base.group_partner_manager", email=False
        )
        cls.viewer = new_test_user(
            cls.env, "bulk_viewer", groups="integration_monitor.group_user", email=False
        )
        cls.employee = new_test_user(cls.env, "bulk_employee", groups="base.group_user", email=False)

    def test_staff_retry_the_deliveries_of_documents_they_may_edit(self):
        failed = self.failed_deliveries(2)
        operation = self.prepare("retry", failed, self.clerk)
        self.assertEqual((operation.total_count, operation.forbidden_count), (2, 0))
        operation._start()
        self.assertEqual(set(failed.mapped("state")), {"pending"})
        self.assertEqual(failed.transition_ids.user_id, self.clerk)

    def test_who_may_only_look_is_told_that_he_may_change_none(self):
        operation = self.prepare("retry", self.failed_deliveries(2), self.viewer)
        self.assertEqual((operation.total_count, operation.forbidden_count), (0, 2))

    def test_what_one_may_not_see_is_not_even_counted(self):
        operation = self.prepare("retry", self.failed_deliveries(2), self.employee)
        self.assertEqual((operation.total_count, operation.forbidden_count), (0, 0))
        self.assertFalse(operation.preview)

    def test_deliveries_of_other_companies_are_left_out(self):
        other = self.env["res.company"].create({"name": "Sister clinic"})
        ours = self.failed_deliveries(1)
        theirs = self.deliver_to(state="failed", company_id=other.id)
        operation = self.prepare("retry", ours + theirs)
        operation._start()
        self.assertEqual((operation.total_count, theirs.state), (1, "failed"))

    def test_rights_are_asked_again_when_it_runs(self):
        failed = self.failed_deliveries(2)
        with self.in_chunks_of(10):
            operation = self.prepare("retry", failed, self.clerk)
            operation._start()
            self.clerk.group_ids -= self.env.ref("base.group_partner_manager")
            self.run_cron()
        self.assertEqual((operation.done_count, operation.skipped_count), (0, 2))
        self.assertIn("You may not edit its document", operation.skip_reasons)
        self.assertEqual(set(failed.mapped("state")), {"failed"})

    def test_what_somebody_asked_for_who_left_is_not_done(self):
        failed = self.failed_deliveries(1)
        with self.in_chunks_of(10):
            operation = self.prepare("retry", failed, self.clerk)
            operation._start()
            self.clerk.active = False
            self.run_cron()
        self.assertIn("may no longer do it", operation.skip_reasons)
        self.assertEqual(failed.state, "failed")

    def test_what_somebody_asked_for_who_was_deleted_is_not_done(self):
        failed = self.failed_deliveries(1)
        with self.in_chunks_of(10):
            operation = self.prepare("retry", failed, self.clerk).sudo()
            operation.with_user(self.clerk)._start()
            self.clerk.unlink()
            self.run_cron()
        self.assertIn("may no longer do it", operation.skip_reasons)
        self.assertEqual((operation.state, failed.state), ("done", "failed"))

    def test_the_context_of_a_client_decides_nothing_about_an_operation(self):
        failed = self.failed_deliveries(1)
        context = {"default_state": "running", "default_reason": "Mine", "default_total_count": 7}
        operations = self.env["integration.bulk.operation"].with_user(self.operator).with_context(**context)
        operation = operations._prepare("retry", [("id", "in", failed.ids)])
        self.assertEqual((operation.state, operation.reason, operation.total_count), ("draft", False, 1))

    def test_an_operation_of_two_companies_is_seen_by_who_sees_both(self):
        other = self.env["res.company"].create({"name": "Sister clinic"})
        self.operator.company_ids += other
        ours = self.env.company
        operations = self.env["integration.bulk.operation"].with_user(self.operator)
        both = operations.with_context(allowed_company_ids=[ours.id, other.id])
        operation = both._prepare("retry", [("id", "in", self.failed_deliveries(1).ids)])
        self.assertTrue(both.search([("id", "=", operation.id)]))
        for company in (ours, other):
            alone = operations.with_context(allowed_company_ids=company.ids)
            self.assertFalse(alone.search([("id", "=", operation.id)]))

    def test_staff_see_stop_and_resume_their_own_operations_only(self):
        with self.in_chunks_of(10):
            operation = self.prepare("retry", self.failed_deliveries(1), self.clerk)
            operation._start()
        operation.with_user(self.clerk).action_stop()
        operation.with_user(self.clerk).action_resume()
        self.assertEqual(operation.state, "running")
        with self.assertRaises(AccessError):
            operation.with_user(self.viewer).action_stop()
        operation.with_user(self.operator).action_stop()
        self.assertEqual(operation.state, "stopped")

    def test_nobody_starts_the_preview_of_another_person(self):
        operation = self.prepare("retry", self.failed_deliveries(1), self.clerk)
        with self.assertRaisesRegex(AccessError, "IM_BULK_NOT_ALLOWED"):
            operation.with_user(self.operator)._start()

    def test_only_operators_replay_a_time_range(self):
        endpoint = self.endpoint.with_user(self.viewer)
        with self.assertRaisesRegex(AccessError, "IM_REPLAY_NOT_ALLOWED"):
            endpoint.action_replay()
        with self.assertRaises(AccessError):
            self.endpoint.with_user(self.clerk).action_replay()
        self.assertEqual(self.endpoint.with_user(self.operator).action_replay()["target"], "new")
