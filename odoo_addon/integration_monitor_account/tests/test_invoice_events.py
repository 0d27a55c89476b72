"""When invoices and bills make events, and when they must not."""

import json

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestInvoiceEvents(AccountTestInvoicingCommon, DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prefix = "integration_monitor_account.integration_event_type_"
        cls.invoice_posted = cls.subscribe(prefix + "invoice_posted")
        cls.bill_posted = cls.subscribe(prefix + "bill_posted")
        cls.payment_state_changed = cls.subscribe(prefix + "payment_state_changed")

    def create_draft(self, move_type="out_invoice"):
        move = self.init_invoice(move_type, partner=self.partner_a, products=self.product_a)
        self.end_transaction()
        return move

    def create_posted(self, move_type="out_invoice"):
        move = self.create_draft(move_type)
        move.action_post()
        self.end_transaction()
        return move

    def register_payment(self, move, amount=None):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"payment_date": fields.Date.today(), **({"amount": amount} if amount else {})})
        )
        wizard.action_create_payments()
        self.end_transaction()

    def count_all(self, move):
        return {
            event_type.technical_name: len(self.events(event_type, move))
            for event_type in self.invoice_posted | self.bill_posted | self.payment_state_changed
            if self.events(event_type, move)
        }

    def test_a_draft_makes_no_event(self):
        invoice = self.create_draft()
        self.assertEqual(self.count_all(invoice), {})

    def test_posting_an_invoice_makes_exactly_one_event(self):
        invoice = self.create_posted()
        self.assertEqual(self.count_all(invoice), {"odoo.account.invoice.posted.v1": 1})
        self.assertEqual(len(self.deliveries(self.invoice_posted, invoice)), 1)

    def test_the_delivery_of_an_invoice_knows_the_customer_and_what_is_at_stake(self):
        invoice = self.create_posted()
        delivery = self.deliveries(self.invoice_posted, invoice)
        self.assertEqual(delivery.partner_id, invoice.partner_id)
        self.assertEqual((delivery.amount, delivery.currency_id), (invoice.amount_total, invoice.currency_id))
        self.assertTrue(delivery.amount)

    def test_posting_a_credit_note_makes_exactly_one_event(self):
        refund = self.create_posted("out_refund")
        self.assertEqual(self.count_all(refund), {"odoo.account.invoice.posted.v1": 1})

    def test_posting_a_bill_and_its_refund_makes_one_bill_event_each(self):
        for move_type in ("in_invoice", "in_refund"):
            bill = self.create_posted(move_type)
            self.assertEqual(self.count_all(bill), {"odoo.account.bill.posted.v1": 1})

    def test_posting_a_journal_entry_makes_no_event(self):
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    fields.Command.create(
                        {"account_id": self.company_data["default_account_revenue"].id, "debit": 10}
                    ),
                    fields.Command.create(
                        {"account_id": self.company_data["default_account_expense"].id, "credit": 10}
                    ),
                ]
            }
        )
        entry.action_post()
        self.assertEqual(self.count_all(entry), {})

    def test_creating_and_posting_in_one_transaction_makes_one_event(self):
        invoice = self.init_invoice("out_invoice", partner=self.partner_a, products=self.product_a, post=True)
        self.assertEqual(self.count_all(invoice), {"odoo.account.invoice.posted.v1": 1})

    def test_editing_a_posted_invoice_makes_no_event(self):
        invoice = self.create_posted()
        invoice.ref = "Room 12"
        self.end_transaction()
        invoice.narration = "Thank you"
        self.end_transaction()
        invoice.invoice_line_ids[0].name = "Another wording"
        self.assertEqual(self.count_all(invoice), {"odoo.account.invoice.posted.v1": 1})

    def test_posting_again_after_a_reset_to_draft_makes_a_second_event(self):
        invoice = self.create_posted()
        invoice.button_draft()
        self.assertEqual(len(self.events(self.invoice_posted, invoice)), 1)
        invoice.action_post()
        self.assertEqual(len(self.events(self.invoice_posted, invoice)), 2)

    def test_cancelling_a_draft_makes_no_event(self):
        invoice = self.create_draft()
        invoice.button_cancel()
        self.assertEqual(self.count_all(invoice), {})

    def test_a_payment_makes_one_event_with_the_final_state(self):
        invoice = self.create_posted()
        self.register_payment(invoice)
        event = self.events(self.payment_state_changed, invoice)
        self.assertEqual(len(event), 1)
        data = json.loads(event.payload)
        self.assertEqual(data["payment_state"], invoice.payment_state)
        self.assertIn(data["payment_state"], ("in_payment", "paid"))

    def test_a_partial_payment_and_the_rest_make_two_events(self):
        invoice = self.create_posted()
        self.register_payment(invoice, amount=100)
        self.register_payment(invoice)
        events = self.events(self.payment_state_changed, invoice)
        states = [json.loads(event.payload)["payment_state"] for event in events]
        self.assertEqual(states[0], "partial")
        self.assertIn(states[1], ("in_payment", "paid"))
        self.assertEqual(len(states), 2)

    def test_a_payment_taken_back_makes_an_event(self):
        invoice = self.create_posted()
        self.register_payment(invoice)
        invoice.line_ids.remove_move_reconcile()
        events = self.events(self.payment_state_changed, invoice)
        self.assertEqual(len(events), 2)
        self.assertEqual(json.loads(events[1].payload)["payment_state"], "not_paid")

    def test_a_payment_of_a_bill_makes_an_event_without_posting_it_again(self):
        bill = self.create_posted("in_invoice")
        self.register_payment(bill)
        self.assertEqual(
            self.count_all(bill),
            {"odoo.account.bill.posted.v1": 1, "odoo.account.payment_state.changed.v1": 1},
        )

    def test_the_payload_tells_partner_lines_amounts_and_reference(self):
        self.partner_a.write({"ref": "PAYER-104", "vat": "US-TEST-1"})
        invoice = self.create_posted()
        data = json.loads(self.events(self.invoice_posted, invoice).payload)
        self.assertEqual(data["name"], invoice.name)
        self.assertEqual(data["partner_id"]["ref"], "PAYER-104")
        self.assertEqual(data["partner_id"]["vat"], "US-TEST-1")
        self.assertEqual(data["payment_reference"], invoice.payment_reference)
        self.assertIsNone(data["invoice_origin"])
        self.assertEqual(data["amount_total"]["amount"], f"{invoice.amount_total:.2f}")
        self.assertEqual(data["amount_total"]["currency"], invoice.currency_id.name)
        [line] = data["invoice_line_ids"]
        self.assertEqual(line["product_id"]["id"], self.product_a.id)
        self.assertEqual(line["quantity"], 1)
        self.assertEqual(len(line["tax_ids"]), len(invoice.invoice_line_ids.tax_ids))
