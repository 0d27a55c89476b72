"""Bulk retry and cancel: the preview, the chunks, stop and resume."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .bulk_case import BulkCase
from .delivery_case import build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestBulkOperation(BulkCase):
    def test_the_preview_counts_what_the_operation_then_does(self):
        failed = self.failed_deliveries(3)
        delivered = self.delivered_deliveries(2)
        operation = self.prepare("retry", failed + delivered)
        self.assertEqual((operation.total_count, operation.unsuitable_count), (3, 2))
        self.assertEqual(set((failed + delivered).mapped("state")), {"failed", "delivered"}, "only counted")
        operation._start()
        self.assertEqual((operation.state, operation.done_count, operation.skipped_count), ("done", 3, 0))
        self.assertEqual(operation.progress, 100)
        self.assertEqual(set(failed.mapped("state")), {"pending"})
        self.assertEqual(set(delivered.mapped("state")), {"delivered"})

    def test_the_preview_says_per_endpoint_and_status_how_many_and_who_will_have_to_wait(self):
        self.failed_deliveries(2)
        paused = build_endpoint(self.env, "Claims portal")
        paused.action_pause()
        deliveries = self.env["integration.delivery"].search([("state", "=", "failed")])
        deliveries += self.deliver_to(paused, state="cancelled")
        preview = self.prepare("retry", deliveries).preview
        self.assertRegex(preview, r"Receiver</td><td>Failed</td>.*2")
        self.assertRegex(preview, r"Claims portal</td><td>Cancelled</td>.*1")
        self.assertIn("“Claims portal” is paused", preview)

    def test_deliveries_that_fit_the_filter_only_after_the_preview_are_not_touched(self):
        self.failed_deliveries(1)
        domain = [("state", "=", "failed"), ("endpoint_id", "=", self.endpoint.id)]
        operation = self.env["integration.bulk.operation"].with_user(self.operator)._prepare("retry", domain)
        late = self.failed_deliveries(1)
        operation._start()
        self.assertEqual(operation.done_count, 1)
        self.assertEqual(late.state, "failed")

    def test_what_changed_since_the_preview_is_skipped_with_the_reason(self):
        stays, delivered, deleted = self.failed_deliveries(3)
        operation = self.prepare("retry", stays + delivered + deleted)
        delivered.state = "delivered"
        deleted.unlink()
        operation._start()
        self.assertEqual((operation.done_count, operation.skipped_count), (1, 2))
        self.assertIn("1 × It is Delivered by now.", operation.skip_reasons)
        self.assertIn("1 × It was deleted.", operation.skip_reasons)

    def test_one_event_without_content_is_skipped_and_keeps_nobody_else(self):
        partner = self.new_partners(1)
        broken = self.deliver_to(record=partner, state="failed", failure_class="payload")
        broken.event_id.write({"state": "error", "payload": False})
        partner.unlink()
        fine = self.failed_deliveries(1)
        operation = self.prepare("retry", broken + fine)
        operation._start()
        self.assertEqual((broken.state, fine.state), ("failed", "pending"))
        self.assertIn("IM_EVENT_NOT_SENDABLE", operation.skip_reasons)

    def test_a_bulk_retry_begins_a_new_schedule_and_leaves_who_and_why(self):
        delivery = self.deliver_to()
        self.refuse(delivery)
        self.prepare("retry", delivery)._start()
        (claim,) = self.claim()
        self.assertEqual((claim["attempt_number"], claim["schedule_step"]), (2, 1))
        self.assertEqual(delivery.transition_ids.user_id, self.operator)
        self.assertTrue(delivery.transition_ids.reason)

    def test_what_a_bulk_retry_makes_due_goes_behind_urgent_work(self):
        (held_head,) = failed = self.failed_deliveries(1)
        follower = self.deliver_to(record=self.env["res.partner"].browse(held_head.res_id))
        self.prepare("retry", failed)._start()
        live = self.deliver_to()
        self.assertEqual((held_head.lane, follower.lane, live.lane), ("batch", "batch", "urgent"))
        self.assertEqual(self.claim_ids(), [live.id, held_head.id])

    def test_a_bulk_cancel_keeps_the_reason_and_releases_what_waited(self):
        (head,) = failed = self.failed_deliveries(1)
        follower = self.deliver_to(record=self.env["res.partner"].browse(head.res_id))
        self.prepare("cancel", failed)._start("Entered by hand")
        self.assertEqual((head.state, head.state_reason), ("cancelled", "Entered by hand"))
        self.assertEqual(self.claim_ids(), follower.ids)

    def test_a_bulk_cancel_without_a_reason_does_nothing(self):
        failed = self.failed_deliveries(1)
        operation = self.prepare("cancel", failed)
        with self.assertRaisesRegex(UserError, "IM_CANCEL_REASON_MISSING"):
            operation._start(" ")
        self.assertEqual((operation.state, failed.state), ("draft", "failed"))

    def test_nothing_to_do_and_a_second_start_are_refused(self):
        with self.assertRaisesRegex(UserError, "IM_BULK_EMPTY"):
            self.prepare("retry", self.delivered_deliveries(1))._start()
        operation = self.prepare("retry", self.failed_deliveries(1))
        operation._start()
        with self.assertRaisesRegex(UserError, "IM_BULK_STARTED"):
            operation._start()

    def test_a_large_operation_runs_in_the_background_until_it_is_done(self):
        failed = self.failed_deliveries(5)
        with self.in_chunks_of(2):
            operation = self.prepare("retry", failed)
            operation._start()
            self.assertEqual((operation.state, set(failed.mapped("state"))), ("running", {"failed"}))
            self.run_cron()
        self.assertEqual((operation.state, operation.done_count), ("done", 5))
        self.assertTrue(operation.finished_at)
        self.assertEqual(set(failed.mapped("state")), {"pending"})
        self.assertFalse(self.env["integration.bulk.item"].search([("operation_id", "=", operation.id)]))

    def test_a_stopped_operation_goes_on_where_it_was(self):
        failed = self.failed_deliveries(5)
        with self.in_chunks_of(2):
            operation = self.prepare("retry", failed)
            operation._start()
            operation.sudo()._run_chunk()
            operation.action_stop()
            self.run_cron()
            self.assertEqual((operation.state, operation.done_count), ("stopped", 2))
            self.assertIn(self.operator.name, operation.state_reason)
            self.assertEqual(failed.mapped("state"), ["pending"] * 2 + ["failed"] * 3)
            operation.action_resume()
            self.run_cron()
        self.assertEqual((operation.state, operation.done_count), ("done", 5))
        self.assertEqual([len(delivery.transition_ids) for delivery in failed], [1] * 5, "nothing twice")

    def test_two_operations_take_turns(self):
        first, second = self.failed_deliveries(2), self.failed_deliveries(2)
        with self.in_chunks_of(1):
            for failed in (first, second):
                self.prepare("retry", failed)._start()
            self.run_cron()
        self.assertEqual(set((first + second).mapped("state")), {"pending"})

    def test_the_whole_filter_counts_when_the_list_says_so(self):
        failed = self.failed_deliveries(3)
        context = {"active_domain": [("id", "in", failed.ids)], "integration_select_all": True}
        shown = failed[:1].with_user(self.operator).with_context(**context).action_bulk_retry()
        wizard = self.env["integration.bulk.wizard"].browse(shown["res_id"])
        self.assertEqual(wizard.total_count, 3)
        shown = failed[:1].with_user(self.operator).action_bulk_cancel()
        wizard = self.env["integration.bulk.wizard"].browse(shown["res_id"])
        self.assertEqual((wizard.kind, wizard.total_count), ("cancel", 1))

    def test_forgotten_previews_and_old_operations_are_deleted_with_their_lists(self):
        operation = self.prepare("retry", self.failed_deliveries(1))
        operation._gc_operations()
        self.assertTrue(operation.exists())
        self.env.cr.execute(
            "UPDATE integration_bulk_operation SET create_date = '2020-01-01' WHERE id = %s", [operation.id]
        )
        self.env.invalidate_all()
        self.env["integration.bulk.operation"]._gc_operations()
        self.assertFalse(operation.exists())

    def test_operations_that_nobody_went_on_with_are_deleted_when_their_deliveries_are_old(self):
        operation = self.prepare("retry", self.failed_deliveries(1))
        operation.sudo().write({"state": "stopped"})
        operation._gc_operations()
        self.assertTrue(operation.exists())
        self.flush()
        self.env.cr.execute(
            "UPDATE integration_bulk_operation SET write_date = '2020-01-01' WHERE id = %s", [operation.id]
        )
        self.env.invalidate_all()
        self.env["integration.bulk.operation"]._gc_operations()
        self.assertFalse(operation.exists())

    def test_what_is_due_already_is_left_alone_by_a_bulk_retry(self):
        due = self.deliver_to()
        waiting = self.deliver_to(record=self.new_partners(1), next_attempt_at="2099-01-01 00:00:00")
        waiting_since = due.waiting_since = fields.Datetime.to_datetime("2026-01-01 00:00:00")
        operation = self.prepare("retry", due + waiting)
        self.assertEqual((operation.total_count, operation.unsuitable_count), (1, 1))
        operation._start()
        self.assertEqual((due.lane, due.waiting_since), ("urgent", waiting_since))
        self.assertEqual(self.claim_ids(), [due.id, waiting.id])

    def test_what_became_due_after_the_preview_is_left_alone_by_a_bulk_retry(self):
        delivery = self.deliver_to(next_attempt_at="2099-01-01 00:00:00")
        operation = self.prepare("retry", delivery)
        delivery.next_attempt_at = "2020-01-01 00:00:00"
        operation._start()
        self.assertEqual((delivery.lane, operation.skip_reasons), ("urgent", "1 × It is due already."))

    def test_why_something_was_skipped_is_said_in_the_language_of_who_asked(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.operator.lang = "fr_FR"
        label = (
            self.env["ir.model.fields.selection"]
            .search([("field_id.model", "=", "integration.delivery"), ("field_id.name", "=", "state")])
            .filtered(lambda selection: selection.value == "cancelled")
        )
        label.with_context(lang="fr_FR").name = "Annulée"
        failed = self.failed_deliveries(1)
        with self.in_chunks_of(10):
            operation = self.prepare("retry", failed)
            operation._start()
            failed.state = "cancelled"
            self.run_cron()
        self.assertIn("Annulée", operation.skip_reasons)

    def test_a_report_that_arrives_for_the_attempt_before_changes_nothing(self):
        delivery = self.deliver_to()
        self.refuse(delivery)
        self.prepare("retry", delivery)._start()
        self.assertEqual(self.report(build_outcome(delivery.id, 1))["stale"], delivery.ids)
        self.assertEqual(delivery.state, "pending")
