"""When payments make events, and when they must not."""

import json

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.tests import Form, tagged


@tagged("post_install", "-at_install")
class TestPaymentEvents(AccountTestInvoicingCommon, DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prefix = "integration_monitor_account.integration_event_type_"
        cls.payment_posted = cls.subscribe(prefix + "payment_posted")
        cls.payment_cancelled = cls.subscribe(prefix + "payment_cancelled")
        company = cls.company_data["company"]
        here = {"company_id": company.id, "company_ids": company.ids}
        cls.accountant = cls.new_user(
            "im_accountant", "base.group_user,account.group_account_invoice", **here
        )

    def create_payment(self, **values):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "amount": 250,
                "journal_id": self.company_data["default_journal_bank"].id,
                **values,
            }
        )
        self.end_transaction()
        return payment

    def create_posted(self, **values):
        payment = self.create_payment(**values)
        payment.action_post()
        self.end_transaction()
        return payment

    def count(self, payment):
        return len(self.events(self.payment_posted, payment)), len(
            self.events(self.payment_cancelled, payment)
        )

    def test_a_draft_makes_no_event(self):
        self.assertEqual(self.count(self.create_payment()), (0, 0))

    def test_confirming_makes_exactly_one_event(self):
        payment = self.create_posted()
        self.assertEqual(self.count(payment), (1, 0))
        self.assertEqual(payment.integration_state, "pending")

    def test_the_banks_confirmation_and_edits_are_no_news(self):
        payment = self.create_posted()
        payment.action_validate()
        self.end_transaction()
        payment.memo = "Thank you"
        self.assertEqual(payment.state, "paid")
        self.assertEqual(self.count(payment), (1, 0))

    def test_a_payment_that_is_taken_back_makes_one_event_and_posting_again_another(self):
        payment = self.create_posted()
        payment.action_draft()
        self.assertEqual(self.count(payment), (1, 1))
        payment.action_post()
        self.assertEqual(self.count(payment), (2, 1))

    def test_a_rejected_or_cancelled_payment_makes_one_event(self):
        for act, state in (("action_reject", "rejected"), ("action_cancel", "canceled")):
            payment = self.create_posted()
            getattr(payment, act)()
            event = self.events(self.payment_cancelled, payment)
            self.assertEqual(json.loads(event.payload)["state"], state)

    def test_a_cancelled_draft_makes_no_event(self):
        payment = self.create_payment()
        payment.action_cancel()
        self.assertEqual(self.count(payment), (0, 0))

    def test_the_payment_of_an_invoice_tells_amount_payer_and_invoice(self):
        self.partner_a.ref = "PAYER-104"
        invoice = self.init_invoice("out_invoice", partner=self.partner_a, products=self.product_a, post=True)
        self.end_transaction()
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": fields.Date.today()})
        )
        payment = wizard._create_payments()
        self.assertEqual(self.count(payment), (1, 0))
        data = json.loads(self.events(self.payment_posted, payment).payload)
        amount = {"amount": f"{invoice.amount_total:.2f}", "currency": invoice.currency_id.name}
        self.assertEqual(data["amount"], amount)
        self.assertEqual((data["payment_type"], data["partner_id"]["ref"]), ("inbound", "PAYER-104"))
        self.assertEqual([line["name"] for line in data["reconciled_invoice_ids"]], [invoice.name])
        delivery = self.deliveries(self.payment_posted, payment)
        self.assertEqual((delivery.partner_id, delivery.amount), (self.partner_a, invoice.amount_total))

    def test_an_accountant_sees_and_retries_it_on_the_payment(self):
        payment = self.create_posted()
        delivery = self.deliveries(self.payment_posted, payment)
        self.refuse(delivery, "Unknown bank reference")
        payment = payment.with_user(self.accountant)
        with Form(payment) as form:
            self.assertEqual(form.integration_state, "failed")
        groups = payment.formatted_read_group([("id", "=", payment.id)], ["integration_state"], ["__count"])
        self.assertEqual(groups[0]["integration_state"], "failed")
        payment.action_integration_retry()
        self.assertEqual(delivery.state, "pending")
