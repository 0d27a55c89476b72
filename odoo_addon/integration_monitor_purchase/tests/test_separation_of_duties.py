"""Buyers and accountants keep out of each other's deliveries.

Core lets purchase users write vendor bills and accountants write purchase orders. The business group of
the event type separates them all the same.
"""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.exceptions import AccessError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestSeparationOfDuties(AccountTestInvoicingCommon, DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice_posted = cls.subscribe(
            "integration_monitor_account.integration_event_type_invoice_posted"
        )
        cls.bill_posted = cls.subscribe("integration_monitor_account.integration_event_type_bill_posted")
        cls.order_confirmed = cls.subscribe(
            "integration_monitor_purchase.integration_event_type_order_confirmed"
        )
        company = cls.company_data["company"]
        here = {"company_id": company.id, "company_ids": company.ids}
        cls.accountant = cls.new_user(
            "im_accountant", "account.group_account_invoice,account.group_account_user", **here
        )
        cls.buyer = cls.new_user("im_buyer", "purchase.group_purchase_user", **here)

    def failed_move_delivery(self, move_type, event_type):
        move = self.init_invoice(move_type, partner=self.partner_a, products=self.product_a, post=True)
        delivery = self.deliveries(event_type, move)
        self.refuse(delivery)
        return move, delivery

    def failed_order_delivery(self):
        order = (
            self._as_root()["purchase.order"]
            .with_company(self.company_data["company"])
            .create(
                {
                    "partner_id": self.partner_a.id,
                    "order_line": [
                        Command.create({"product_id": self.product_a.id, "product_qty": 1, "price_unit": 10})
                    ],
                }
            )
        )
        order.button_confirm()
        delivery = self.deliveries(self.order_confirmed, order)
        self.refuse(delivery)
        return order, delivery

    def assert_hidden(self, user, document, delivery):
        delivery.ensure_one()
        as_user = delivery.with_user(user)
        self.assertNotIn(delivery, self.env["integration.delivery"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            as_user.read(["record_name"])
        for act in (as_user.action_retry, lambda: as_user.action_cancel("no"), as_user.action_open_document):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(delivery.state, "failed")
        document = document.with_user(user)
        if document.has_access("read"):
            self.assertFalse(document.integration_state)
            self.assertFalse(document.integration_failure_message)
            self.assertFalse(document.can_retry_integration)

    def assert_retries(self, user, document, delivery):
        self.assertIn(delivery, self.env["integration.delivery"].with_user(user).search([]))
        self.assertTrue(document.with_user(user).can_retry_integration)
        delivery.with_user(user).action_retry()
        self.assertEqual(delivery.state, "pending")

    def test_a_buyer_stays_out_of_a_failed_customer_invoice(self):
        self.assert_hidden(self.buyer, *self.failed_move_delivery("out_invoice", self.invoice_posted))

    def test_a_buyer_stays_out_of_a_failed_vendor_bill_though_he_may_write_bills(self):
        bill, delivery = self.failed_move_delivery("in_invoice", self.bill_posted)
        self.assertTrue(bill.with_user(self.buyer).has_access("write"))
        self.assert_hidden(self.buyer, bill, delivery)

    def test_an_accountant_stays_out_of_a_failed_order_though_he_may_write_orders(self):
        order, delivery = self.failed_order_delivery()
        self.assertTrue(order.with_user(self.accountant).has_access("write"))
        self.assert_hidden(self.accountant, order, delivery)

    def test_an_accountant_retries_invoices_and_bills(self):
        self.assert_retries(self.accountant, *self.failed_move_delivery("out_invoice", self.invoice_posted))
        self.assert_retries(self.accountant, *self.failed_move_delivery("in_invoice", self.bill_posted))

    def test_a_buyer_retries_orders(self):
        self.assert_retries(self.buyer, *self.failed_order_delivery())

    def test_a_mixed_selection_is_refused_as_a_whole(self):
        _bill, bill_delivery = self.failed_move_delivery("in_invoice", self.bill_posted)
        _order, order_delivery = self.failed_order_delivery()
        with self.assertRaises(AccessError):
            (bill_delivery | order_delivery).with_user(self.buyer).action_retry()
        self.assertEqual((bill_delivery | order_delivery).mapped("state"), ["failed", "failed"])
