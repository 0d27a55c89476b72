"""Who is asked when a delivery failed: one open activity per document and endpoint."""

from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .delivery_case import DeliveryCase, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestDocumentActivity(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = new_test_user(cls.env, "test_owner", groups="base.group_user,base.group_partner_manager")
        cls.partner.user_id = cls.owner

    def activities(self, record=None):
        record = record or self.partner
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def test_a_failure_opens_an_activity_for_the_documents_owner(self):
        self.refuse(self.deliver_to(), error="Amount is missing")
        (activity,) = self.activities()
        self.assertEqual(activity.user_id, self.owner)
        # Everybody who may read the document reads its activities, other business groups included.
        self.assertEqual(activity.summary, "Not delivered to another system")
        for told in (activity.summary, activity.note):
            self.assertNotIn("Amount", told)
            self.assertNotIn("Receiver", told)
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("integration_monitor.mail_activity_type_delivery_failed"),
        )

    def test_further_failures_of_the_document_open_no_second_activity(self):
        self.endpoint.after_failure = "pass"
        first, second, third = (self.deliver_to() for _ in range(3))
        self.report(*(build_outcome(delivery.id, 1, "failed") for delivery in (first, second)))
        self.refuse(third)
        first.action_retry()
        self.refuse(first)
        self.assertEqual(len(self.activities()), 1)

    def test_each_failing_endpoint_has_its_own_activity(self):
        self.refuse(self.deliver_to())
        self.refuse(self.deliver_to(endpoint=build_endpoint(self.env, "Payer")))
        self.assertEqual(len(self.activities()), 2)

    def test_a_retry_opens_no_activity(self):
        self.report(build_outcome(self.deliver_to().id, 1, "retry"))
        self.assertFalse(self.activities())

    def test_the_activity_is_done_when_the_delivery_succeeds_later(self):
        delivery = self.deliver_to()
        self.refuse(delivery)
        activity = self.activities()
        delivery.action_retry()
        self.assertTrue(activity.active, "a retry is not yet a success")
        self.report(build_outcome(delivery.id, 2))
        self.assertFalse(activity.active)
        self.assertTrue(activity.feedback)
        self.assertEqual(activity.state, "done")

    def test_the_activity_is_done_when_the_delivery_is_cancelled(self):
        delivery = self.deliver_to()
        self.refuse(delivery)
        activity = self.activities()
        delivery.action_cancel("Sent by mail")
        self.assertFalse(activity.active)
        self.assertIn("Sent by mail", activity.feedback)

    def test_the_activity_stays_open_while_another_delivery_of_the_document_is_failed(self):
        self.endpoint.after_failure = "pass"
        first, second = self.deliver_to(), self.deliver_to()
        self.refuse(first)
        self.refuse(second)
        first.action_cancel("Not wanted")
        self.assertTrue(self.activities())
        second.action_cancel("Not wanted")
        self.assertFalse(self.activities())

    def test_a_person_without_account_is_replaced_by_the_owner_of_the_event_type(self):
        self.owner.active = False
        self.event_type.owner_id = self.env.ref("base.user_admin")
        self.refuse(self.deliver_to())
        self.assertEqual(self.activities().user_id, self.env.ref("base.user_admin"))

    def test_a_document_that_cannot_have_activities_gets_none(self):
        category = self.env["res.partner.category"].create({"name": "Patient"})
        delivery = self.deliver_to(record=category)
        self.refuse(delivery)
        self.assertFalse(self.activities(category))
        self.assertEqual(delivery.state, "failed")

    def test_a_deleted_document_gets_no_activity(self):
        partner = self.new_partners(1)
        delivery = self.deliver_to(record=partner)
        partner.unlink()
        self.refuse(delivery)
        self.assertEqual(delivery.state, "failed")

    @mute_logger("odoo.addons.integration_monitor.models.integration_delivery_activity")
    def test_a_report_is_kept_even_when_no_activity_can_be_made(self):
        delivery = self.deliver_to()
        with patch.object(type(self.env["mail.activity"]), "create", side_effect=ValueError("broken")):
            self.refuse(delivery)
        self.assertEqual(delivery.state, "failed")

    def test_many_failures_at_once_cost_no_statements_per_failure(self):
        counts = []
        for size in (1, 100):
            partners = self.new_partners(size)
            partners.user_id = self.owner
            deliveries = [self.deliver_to(record=partner) for partner in partners]
            self.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.report(*(build_outcome(delivery.id, 1, "failed") for delivery in deliveries))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 10, counts)
