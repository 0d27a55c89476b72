"""What a business document shows about its deliveries, with whose rights, and what it never does."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestDocumentMixin(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "test_clerk", groups="base.group_user,base.group_partner_manager")
        cls.employee = new_test_user(cls.env, "test_employee", groups="base.group_user")

    def find(self, *domain, user=None):
        partners = self.env["res.partner"].with_user(user or self.clerk)
        return partners.search([*domain, ("id", "in", self.partners.ids)], order="id").mapped("name")

    def build_one_document_per_state(self):
        self.partners = self.new_partners(6)
        names = ("failed", "pending", "queued", "delivered", "cancelled", "nothing")
        for partner, name in zip(self.partners, names, strict=True):
            partner.name = name
            if name != "nothing":
                self.deliver_to(record=partner, state=name)
        # Older news of the failed document was delivered: the worst counts.
        self.deliver_to(record=self.partners[0], state="delivered")
        self.deliver_to(record=self.partners[0], state="pending")
        self.deliver_to(record=self.partners[5], state="superseded")

    def test_a_document_without_deliveries_has_no_state(self):
        partner = self.new_partners(1).with_user(self.clerk)
        self.assertFalse(partner.integration_state)
        self.assertEqual(partner.integration_delivery_count, 0)
        self.assertFalse(partner.can_retry_integration)
        self.assertFalse(partner.integration_failure_message)

    def test_the_worst_delivery_decides_the_state(self):
        self.build_one_document_per_state()
        states = {partner.name: partner.integration_state for partner in self.partners.with_user(self.clerk)}
        self.assertEqual(
            states,
            {
                "failed": "failed",
                "pending": "pending",
                "queued": "pending",
                "delivered": "delivered",
                "cancelled": "cancelled",
                "nothing": False,
            },
        )
        self.assertEqual(self.partners[0].integration_delivery_count, 3)
        self.assertEqual(self.partners[0].integration_failed_count, 1)

    def test_documents_are_found_by_state_with_every_operator(self):
        self.build_one_document_per_state()
        cases = [
            (("integration_state", "=", "failed"), ["failed"]),
            (("integration_state", "=", "pending"), ["pending", "queued"]),
            (("integration_state", "=", "delivered"), ["delivered"]),
            (("integration_state", "=", "cancelled"), ["cancelled"]),
            (("integration_state", "=", False), ["nothing"]),
            (("integration_state", "!=", False), ["failed", "pending", "queued", "delivered", "cancelled"]),
            (
                ("integration_state", "!=", "failed"),
                ["pending", "queued", "delivered", "cancelled", "nothing"],
            ),
            (("integration_state", "in", ["failed", "delivered"]), ["failed", "delivered"]),
            (("integration_state", "in", ["failed", False]), ["failed", "nothing"]),
            (("integration_state", "not in", ["failed", "pending"]), ["delivered", "cancelled", "nothing"]),
            (("integration_state", "not in", ["pending", False]), ["failed", "delivered", "cancelled"]),
        ]
        for leaf, expected in cases:
            self.assertEqual(self.find(leaf), expected, leaf)

    def test_who_may_not_see_deliveries_sees_and_finds_no_state(self):
        self.build_one_document_per_state()
        failed = self.partners[0].with_user(self.employee)
        self.assertFalse(failed.integration_state)
        self.assertEqual(failed.integration_delivery_count, 0)
        self.assertEqual(failed.integration_failed_count, 0)
        self.assertFalse(failed.integration_failure_message)
        self.assertFalse(failed.can_retry_integration)
        self.assertEqual(self.find(("integration_state", "=", "failed"), user=self.employee), [])
        self.assertEqual(len(self.find(("integration_state", "=", False), user=self.employee)), 6)

    def test_the_failure_message_has_one_line_for_each_failed_delivery(self):
        other = build_endpoint(self.env, "Payer")
        self.deliver_to(state="failed", last_error="Amount is missing")
        self.deliver_to(endpoint=other, state="failed")
        self.deliver_to(endpoint=build_endpoint(self.env, "Fine"), state="delivered")
        self.assertEqual(
            self.partner.with_user(self.clerk).integration_failure_message,
            "Receiver: Amount is missing\nPayer: No details",
        )

    def test_states_of_many_documents_take_one_grouped_query(self):
        partners = self.new_partners(50)
        for partner in partners:
            self.deliver_to(record=partner)
        self.flush()
        counts = []
        for some in (partners[:1], partners):
            some.with_user(self.clerk).mapped("integration_state")
            self.env.invalidate_all()
            some = some.with_user(self.clerk)
            some.mapped("name")
            before = self.env.cr.sql_log_count
            some.mapped("integration_state")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_retrying_a_document_retries_its_failed_deliveries_only(self):
        failed = self.deliver_to(state="failed")
        cancelled = self.deliver_to(endpoint=build_endpoint(self.env, "Payer"), state="cancelled")
        partner = self.partner.with_user(self.clerk)
        self.assertTrue(partner.can_retry_integration)
        partner.action_integration_retry()
        self.assertEqual(failed.state, "pending")
        self.assertEqual(cancelled.state, "cancelled")
        self.assertEqual(partner.integration_state, "pending")

    def test_retrying_a_document_without_failures_says_so(self):
        self.deliver_to()
        with self.assertRaisesRegex(UserError, "IM_RETRY_NOTHING: nothing failed"):
            self.partner.with_user(self.clerk).action_integration_retry()

    def test_retrying_a_document_one_may_only_read_is_refused(self):
        failed = self.deliver_to(state="failed")
        self.env["ir.rule"].create(
            {
                "name": "Test: protect contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
                "perm_read": False,
            }
        )
        partner = self.partner.with_user(self.clerk)
        self.assertEqual(partner.integration_failed_count, 1)
        self.assertFalse(partner.can_retry_integration)
        with self.assertRaises(AccessError):
            partner.action_integration_retry()
        self.assertEqual(failed.state, "failed")

    def test_the_deliveries_of_a_document_can_be_opened(self):
        delivery = self.deliver_to()
        action = self.partner.with_user(self.clerk).action_view_integration_deliveries()
        found = self.env[action["res_model"]].with_user(self.clerk).search(action["domain"])
        self.assertEqual(found, delivery)

    def test_a_new_document_in_a_form_has_no_state(self):
        partner = self.env["res.partner"].with_user(self.clerk).new({"name": "Draft"})
        self.assertFalse(partner.integration_state)
        self.assertFalse(partner.can_retry_integration)

    def test_deliveries_never_write_to_the_document(self):
        self.partner.user_id = self.clerk
        delivery = self.deliver_to()
        self.flush()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s", (self.partner.id,)
        )
        self.publish(self.claim())
        self.report(build_outcome(delivery.id, 1, "failed"))
        self.flush()
        self.assertEqual(self.partner.activity_ids.user_id, self.clerk)
        delivery.action_retry()
        self.report(build_outcome(delivery.id, 2))
        self.flush()
        self.env.cr.execute("SELECT write_date FROM res_partner WHERE id = %s", (self.partner.id,))
        self.assertEqual(self.env.cr.fetchone()[0].year, 2020)
