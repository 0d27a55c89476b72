"""What an accountant sees on the invoice, and may do there."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged


@tagged("post_install", "-at_install")
class TestInvoiceStatus(AccountTestInvoicingCommon, DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice_posted = cls.subscribe(
            "integration_monitor_account.integration_event_type_invoice_posted"
        )
        company = cls.company_data["company"]
        groups = "base.group_user,account.group_account_invoice"
        here = {"company_id": company.id, "company_ids": company.ids}
        cls.accountant = cls.new_user("im_accountant", groups, **here)
        cls.outsider = cls.new_user("im_outsider", "base.group_user", **here)

    def setUp(self):
        super().setUp()
        self.invoice = self.init_invoice("out_invoice", partner=self.partner_a, products=self.product_a)
        self.invoice.action_post()
        self.delivery = self.deliveries(self.invoice_posted, self.invoice)
        self.invoice = self.invoice.with_user(self.accountant)

    def test_a_new_delivery_shows_as_in_transit(self):
        self.assertEqual(self.invoice.integration_state, "pending")
        self.assertEqual(self.invoice.integration_delivery_count, 1)

    def test_a_failed_delivery_shows_the_endpoints_own_words(self):
        self.refuse(self.delivery, "Unknown member number")
        self.assertEqual(self.invoice.integration_state, "failed")
        self.assertEqual(self.invoice.integration_failed_count, 1)
        self.assertIn("Unknown member number", self.invoice.integration_failure_message)
        self.assertIn(self.endpoint.name, self.invoice.integration_failure_message)

    def test_an_accountant_retries_from_the_invoice(self):
        self.refuse(self.delivery)
        self.assertTrue(self.invoice.can_retry_integration)
        self.invoice.action_integration_retry()
        self.assertEqual(self.delivery.state, "pending")
        self.assertEqual(self.delivery.transition_ids.user_id, self.accountant)

    def test_invoices_are_found_by_their_integration_state(self):
        self.refuse(self.delivery)
        moves = self.env["account.move"].with_user(self.accountant)
        self.assertIn(self.invoice, moves.search([("integration_state", "=", "failed")]))
        self.assertNotIn(self.invoice, moves.search([("integration_state", "=", "delivered")]))

    def test_a_colleague_without_accounting_rights_sees_and_changes_nothing(self):
        self.refuse(self.delivery)
        delivery = self.delivery.with_user(self.outsider)
        self.assertFalse(self.env["integration.delivery"].with_user(self.outsider).search([]))
        with self.assertRaises(AccessError):
            delivery.action_retry()
        self.assertEqual(self.delivery.state, "failed")

    def retry_from_the_list(self, user):
        shown = self.delivery.with_user(user).action_bulk_retry()
        self.env["integration.bulk.wizard"].with_user(user).browse(shown["res_id"]).action_start()

    def test_the_retry_of_the_list_works_for_those_who_may_retry(self):
        self.refuse(self.delivery)
        self.retry_from_the_list(self.accountant)
        self.assertEqual(self.delivery.state, "pending")

    def test_the_retry_of_the_list_refuses_everybody_else(self):
        self.refuse(self.delivery)
        with self.assertRaises(AccessError):
            self.retry_from_the_list(self.outsider)
        self.assertEqual(self.delivery.state, "failed")

    def cancel_by_wizard(self, user):
        wizards = self.env["integration.delivery.cancel.wizard"].with_user(user)
        deliveries = {"active_model": "integration.delivery", "active_ids": self.delivery.ids}
        wizard = Form(wizards.with_context(**deliveries))
        wizard.reason = "Entered by hand"
        wizard.save().action_confirm()

    def test_an_accountant_cancels_with_a_reason(self):
        self.refuse(self.delivery)
        self.cancel_by_wizard(self.accountant)
        self.assertEqual((self.delivery.state, self.delivery.state_reason), ("cancelled", "Entered by hand"))

    def test_a_colleague_without_accounting_rights_cannot_cancel(self):
        self.refuse(self.delivery)
        with self.assertRaises(AccessError):
            self.cancel_by_wizard(self.outsider)
        self.assertEqual(self.delivery.state, "failed")

    def test_an_accountant_finds_the_deliveries_of_his_own_documents(self):
        mine = [("actor_id", "=", self.delivery.actor_id.id), ("id", "=", self.delivery.id)]
        deliveries = self.env["integration.delivery"].with_user(self.accountant)
        self.assertEqual(deliveries.search(mine), self.delivery)
        self.assertFalse(deliveries.search([*mine, ("actor_id", "=", self.outsider.id)]))
        self.assertEqual(deliveries.browse(self.delivery.id).actor_id, self.env.user)

    def test_an_accountant_groups_deliveries_by_endpoint_and_event_type(self):
        deliveries = self.env["integration.delivery"].with_user(self.accountant)
        for field in ("endpoint_id", "event_type_id", "state", "failure_class"):
            groups = deliveries.web_read_group([], [field], ["__count"])["groups"]
            self.assertEqual(sum(group["__count"] for group in groups), deliveries.search_count([]))

    def test_the_invoice_form_opens_for_an_accountant(self):
        self.refuse(self.delivery)
        with Form(self.invoice) as form:
            self.assertEqual((form.integration_state, form.integration_failed_count), ("failed", 1))
