"""When sales orders make events, and when they must not."""

import json

from odoo import Command
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestSaleOrderEvents(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_confirmed = cls.subscribe("integration_monitor_sale.integration_event_type_order_confirmed")
        cls.customer = cls.env["res.partner"].create({"name": "Day Clinic", "ref": "CUST-1"})
        cls.product = cls.env["product.product"].create({"name": "Gloves", "default_code": "GLV"})

    def create_order(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "client_order_ref": "WARD-3",
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 2,
                            "price_unit": 8.9,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        self.end_transaction()
        return order

    def test_the_delivery_of_an_order_knows_the_customer_and_what_is_at_stake(self):
        order = self.create_order()
        order.action_confirm()
        self.end_transaction()
        delivery = self.deliveries(self.order_confirmed, order)
        self.assertEqual(delivery.partner_id, self.customer)
        self.assertEqual((delivery.amount, delivery.currency_id), (17.8, order.currency_id))

    def test_confirming_makes_exactly_one_event(self):
        order = self.create_order()
        order.action_quotation_sent()
        self.assertFalse(self.events(self.order_confirmed, order))
        order.action_confirm()
        self.assertEqual(len(self.events(self.order_confirmed, order)), 1)
        self.assertEqual(order.integration_state, "pending")

    def test_editing_a_confirmed_order_makes_no_event(self):
        order = self.create_order()
        order.action_confirm()
        self.end_transaction()
        order.client_order_ref = "WARD-4"
        order.order_line.product_uom_qty = 3
        self.assertEqual(len(self.events(self.order_confirmed, order)), 1)

    def test_confirming_again_after_a_cancellation_makes_a_second_event(self):
        order = self.create_order()
        order.action_confirm()
        self.end_transaction()
        order._action_cancel()
        order.action_draft()
        self.assertEqual(len(self.events(self.order_confirmed, order)), 1)
        order.action_confirm()
        self.assertEqual(len(self.events(self.order_confirmed, order)), 2)

    def test_a_cancelled_quotation_makes_no_event(self):
        order = self.create_order()
        order._action_cancel()
        self.assertFalse(self.events(self.order_confirmed, order))

    def test_the_payload_tells_customer_lines_and_amounts(self):
        order = self.create_order()
        order.action_confirm()
        data = json.loads(self.events(self.order_confirmed, order).payload)
        self.assertEqual(data["partner_id"]["ref"], "CUST-1")
        self.assertEqual(data["client_order_ref"], "WARD-3")
        self.assertEqual(data["amount_total"]["amount"], "17.80")
        [line] = data["order_line"]
        self.assertEqual((line["product_id"]["default_code"], line["product_uom_qty"]), ("GLV", 2))
        self.assertEqual(line["price_unit"], 8.9)
