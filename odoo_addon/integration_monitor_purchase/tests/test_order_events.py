"""When purchase orders make events, and when they must not."""

import json

from odoo import Command
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestPurchaseOrderEvents(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_confirmed = cls.subscribe(
            "integration_monitor_purchase.integration_event_type_order_confirmed"
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Helix", "ref": "VEND-1", "is_company": True})
        cls.product = cls.env["product.product"].create({"name": "Gloves", "default_code": "GLV"})
        cls.env.company.po_double_validation = "one_step"

    def create_order(self):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "partner_ref": "Q-1",
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_qty": 3, "price_unit": 5.0})
                ],
            }
        )
        self.end_transaction()
        return order

    def require_approval(self):
        self.env.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 1.0})

    def test_the_delivery_of_an_order_knows_the_vendor_and_what_is_at_stake(self):
        order = self.create_order()
        order.button_confirm()
        self.end_transaction()
        delivery = self.deliveries(self.order_confirmed, order)
        self.assertEqual(delivery.partner_id, self.vendor)
        self.assertEqual((delivery.amount, delivery.currency_id), (order.amount_total, order.currency_id))

    def test_confirming_makes_exactly_one_event(self):
        order = self.create_order()
        self.assertFalse(self.events(self.order_confirmed, order))
        order.button_confirm()
        self.assertEqual(len(self.events(self.order_confirmed, order)), 1)
        self.assertEqual(order.integration_state, "pending")

    def test_editing_a_confirmed_order_makes_no_event(self):
        order = self.create_order()
        order.button_confirm()
        self.end_transaction()
        order.partner_ref = "Q-2"
        order.order_line.product_qty = 4
        self.assertEqual(len(self.events(self.order_confirmed, order)), 1)

    def test_an_order_that_needs_approval_makes_its_event_when_approved(self):
        self.require_approval()
        buyer = self.new_user("im_buyer", "purchase.group_purchase_user")
        order = self.create_order().with_user(buyer)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertFalse(self.events(self.order_confirmed, order))
        order.with_user(self.new_user("im_head", "purchase.group_purchase_manager")).button_approve()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(len(self.events(self.order_confirmed, order)), 1)

    def test_confirming_again_after_a_cancellation_makes_a_second_event(self):
        order = self.create_order()
        order.button_confirm()
        self.end_transaction()
        order.button_cancel()
        order.button_draft()
        self.assertEqual(len(self.events(self.order_confirmed, order)), 1)
        order.button_confirm()
        self.assertEqual(len(self.events(self.order_confirmed, order)), 2)

    def test_the_payload_tells_vendor_lines_and_amounts(self):
        order = self.create_order()
        order.button_confirm()
        data = json.loads(self.events(self.order_confirmed, order).payload)
        self.assertEqual(data["partner_id"]["ref"], "VEND-1")
        self.assertEqual(data["amount_total"]["amount"], f"{order.amount_total:.2f}")
        [line] = data["order_line"]
        self.assertEqual(line["product_id"]["default_code"], "GLV")
        self.assertEqual(line["product_qty"], 3)
        self.assertEqual(line["price_unit"], 5)
