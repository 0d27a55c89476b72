"""What the banner of a document says, and to whom."""

from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_endpoint

REFUSAL = 'The endpoint refused the data (HTTP 422): "VAT id missing"'


@tagged("post_install", "-at_install")
class TestDocumentCases(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,base.group_partner_manager"
        cls.clerk = new_test_user(cls.env, "test_clerk", groups=groups)
        cls.employee = new_test_user(cls.env, "test_employee", groups="base.group_user")
        cls.viewer = new_test_user(
            cls.env, "test_viewer", groups="base.group_user,integration_monitor.group_user"
        )

    def fail(self, **values):
        refused = {"state": "failed", "failure_class": "contract", "last_error": REFUSAL, "attempt_count": 1}
        return self.deliver_to(**{**refused, **values})

    def cases(self, user=None):
        self.flush()
        return self.partner.with_user(user or self.clerk).integration_cases

    def test_nobody_is_needed_while_nothing_failed(self):
        for state in ("pending", "queued", "delivered", "cancelled", "superseded"):
            self.deliver_to(state=state)
        self.assertFalse(self.cases())

    def test_a_refusal_says_which_system_what_it_answered_and_what_to_do(self):
        delivery = self.fail()
        [case] = self.cases()
        self.assertEqual(case["delivery_id"], delivery.id)
        self.assertEqual(case["summary"], "Receiver refused the data. It said: “VAT id missing”")
        self.assertIn("Correct in Mercy Hospital what the answer names", case["advice"])
        self.assertEqual((case["kind"], case["can_act"], case["ask_whom"]), ("refused", True, False))

    def test_each_system_that_refused_is_a_case_of_its_own(self):
        self.fail()
        self.fail(endpoint=build_endpoint(self.env, "Archive"))
        self.assertEqual([case["summary"].split()[0] for case in self.cases()], ["Receiver", "Archive"])

    def test_who_may_see_but_not_act_is_told_whom_to_ask(self):
        self.fail(responsible_id=self.clerk.id)
        [case] = self.cases(self.viewer)
        self.assertEqual((case["can_act"], case["ask_whom"]), (False, self.clerk.name))

    def test_without_one_who_takes_care_the_owner_of_the_document_is_named(self):
        self.partner.user_id = self.clerk
        self.fail()
        self.assertEqual(self.cases(self.viewer)[0]["ask_whom"], self.clerk.name)

    def test_nobody_is_told_to_ask_himself(self):
        self.fail(responsible_id=self.viewer.id)
        self.assertFalse(self.cases(self.viewer)[0]["ask_whom"])

    def test_who_may_not_see_deliveries_gets_no_case(self):
        self.fail()
        self.assertFalse(self.cases(self.employee))

    def test_a_document_that_was_never_saved_has_no_case(self):
        self.assertFalse(self.env["res.partner"].new({"name": "New"}).integration_cases)

    def test_the_forms_of_documents_show_the_banner(self):
        arch = self.env["res.partner"].get_view(view_type="form")["arch"]
        self.assertIn('widget name="integration_document_banner"', arch)
