"""Sending the present version: it takes the place of what failed, for that endpoint only, in order."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .bulk_case import BulkCase
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestSendCurrent(BulkCase, CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.watched = cls.new_event_type(
            paths=("name",), business_domain="master_data", filter_domain="[('name', '!=', 'Draft')]"
        )
        cls.other_type = cls.new_event_type(paths=("name",), business_domain="master_data")
        cls.subscription = cls.subscribe(cls.endpoint, cls.watched)
        cls.subscribe(cls.endpoint, cls.other_type)
        cls.bystander = cls.new_endpoint(name="Bystander")
        cls.subscribe(cls.bystander, cls.watched)
        groups = "base.group_user,base.group_partner_manager"
        cls.clerk = new_test_user(cls.env, "test_send_clerk", groups=groups)
        cls.employee = new_test_user(cls.env, "test_send_employee", groups="base.group_user")
        cls.record = cls.env["res.partner"].create({"name": "Before"})
        cls.complete()
        cls.env["integration.delivery"].search([("res_id", "=", cls.record.id)]).unlink()

    def tell(self, event_type=None):
        """The delivery of a new event about the record to our endpoint."""
        self.env.flush_all()
        self.env["integration.event"]._capture((event_type or self.watched).id, self.record)
        self.complete()
        return self.deliveries()[-1]

    def fail(self, **values):
        delivery = self.tell()
        delivery.write({"state": "failed", "failure_class": "contract", "attempt_count": 1, **values})
        return delivery

    def deliveries(self, endpoint=None):
        return self.env["integration.delivery"].search(
            [("endpoint_id", "=", (endpoint or self.endpoint).id), ("res_id", "=", self.record.id)],
            order="sequence, id",
        )

    def rename(self, name):
        """Change the record without an event of its own."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET name = %s WHERE id = %s", [name, self.record.id])
        self.env.invalidate_all()

    def send(self, delivery, user=None):
        delivery.with_user(user or self.clerk).action_send_current()
        self.env.invalidate_all()

    def test_the_present_content_goes_in_place_of_what_failed(self):
        failed = self.fail()
        self.rename("Now")
        self.send(failed)
        new = self.deliveries() - failed
        self.assertEqual((failed.state, new.state, new.lane), ("superseded", "pending", "urgent"))
        self.assertEqual(json.loads(new.event_id.payload)["name"], "Now")
        self.assertNotEqual(new.event_id.event_id, failed.event_id.event_id)
        self.assertEqual(new.event_id.correlation_id, failed.event_id.correlation_id)
        self.assertEqual(set(self.claim_ids()).intersection(self.deliveries().ids), set(new.ids))

    def test_both_say_who_did_it_and_why(self):
        failed = self.fail()
        self.send(failed)
        new = self.deliveries() - failed
        self.assertEqual((new.event_id.actor_id, new.state_changed_by), (self.clerk, self.clerk))
        self.assertIn("in place of one that failed", new.state_reason)
        self.assertEqual(failed.transition_ids.user_id, self.clerk)
        self.assertIn("Replaced by the present version", failed.transition_ids.reason)

    def test_no_other_endpoint_hears_of_it(self):
        failed = self.fail()
        count = len(self.deliveries(self.bystander))
        self.send(failed)
        self.assertEqual(len(self.deliveries(self.bystander)), count)

    def test_older_content_behind_it_is_replaced_too_and_other_news_keeps_its_place(self):
        failed = self.fail()
        behind = self.tell()
        other = self.tell(self.other_type)
        self.send(failed)
        new = self.deliveries()[-1]
        self.assertEqual((failed.state, behind.state), ("superseded", "superseded"))
        self.assertEqual((other.state, new.state), ("pending", "pending"))
        self.assertLess(other.sequence, new.sequence)
        self.assertIn(other.id, self.claim_ids())
        self.assertNotIn(new.id, self.claim_ids())

    def test_what_is_on_the_road_is_left_alone(self):
        self.endpoint.after_failure = "pass"
        failed = self.fail()
        leased, queued = self.tell(), self.tell()
        leased.write({"lease_worker": "w", "lease_until": "2099-01-01"})
        queued.state = "queued"
        self.send(failed)
        self.assertEqual((leased.state, queued.state), ("pending", "queued"))

    def test_several_failed_ones_of_a_document_are_replaced_by_one(self):
        self.endpoint.after_failure = "pass"
        failed = self.fail() | self.fail()
        self.send(failed)
        self.assertEqual(failed.mapped("state"), ["superseded", "superseded"])
        self.assertEqual(len(self.deliveries() - failed), 1)

    def test_a_failed_replay_goes_back_to_delivered(self):
        failed = self.fail(first_delivered_at="2026-11-01")
        self.send(failed)
        self.assertEqual(failed.state, "delivered")
        self.assertEqual((self.deliveries() - failed).state, "pending")

    def test_where_only_the_latest_counts_it_is_the_latest(self):
        self.subscription.ordering = "latest_only"
        failed = self.fail()
        self.send(failed)
        self.assertEqual((self.deliveries() - failed).state, "pending")
        self.assertEqual(failed.state, "superseded")

    def test_a_document_that_is_no_longer_wanted_leaves_everything_as_it_is(self):
        failed = self.fail()
        self.rename("Draft")
        with self.assertRaisesRegex(UserError, "IM_SEND_CURRENT_IMPOSSIBLE: .* no longer wanted"):
            self.send(failed)
        self.assertEqual(failed.state, "failed")

    def test_a_deleted_document_says_so(self):
        failed = self.fail()
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [self.record.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "The document was deleted"):
            self.send(failed, self.env.ref("base.user_admin"))

    def test_only_failed_ones_are_replaced(self):
        with self.assertRaisesRegex(UserError, "IM_SEND_CURRENT_NOTHING"):
            self.send(self.tell())

    def test_who_may_not_edit_the_document_is_refused(self):
        failed = self.fail()
        with self.assertRaises(AccessError):
            self.send(failed, self.employee)
        self.env["ir.rule"].create(
            {
                "name": "Test: protect contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.record.id})]",
                "perm_read": False,
            }
        )
        with self.assertRaises(AccessError):
            self.send(failed)
        self.assertEqual((failed.state, len(self.deliveries())), ("failed", 1))

    def test_one_refused_document_refuses_the_whole_selection(self):
        failed = self.fail()
        elsewhere = self.env["integration.delivery"].search(
            [("endpoint_id", "=", self.bystander.id), ("res_id", "=", self.record.id)], limit=1
        )
        elsewhere.state = "failed"
        self.bystander.subscription_ids.unlink()
        with self.assertRaisesRegex(UserError, "IM_SEND_CURRENT_IMPOSSIBLE"), self.env.cr.savepoint():
            self.send(failed | elsewhere)
        self.assertEqual((failed.state, elsewhere.state), ("failed", "failed"))
