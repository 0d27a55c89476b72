"""Transfers that Odoo creates itself, for confirmed orders, make events like any other."""

from odoo import Command
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTransfersOfOrders(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.transfer_done = cls.subscribe("integration_monitor_stock.integration_event_type_transfer_done")
        cls.gloves = cls.env.ref("integration_monitor_sample.product_gloves")

    def validate(self, picking):
        self.end_transaction()
        self.assertFalse(self.events(self.transfer_done, picking))
        picking.move_ids.write({"quantity": 5, "picked": True})
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_the_receipt_of_a_confirmed_purchase_order_makes_one_event(self):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.env.ref("integration_monitor_sample.partner_medical_supplies").id,
                "order_line": [Command.create({"product_id": self.gloves.id, "product_qty": 5})],
            }
        )
        order.button_confirm()
        self.validate(order.picking_ids)
        self.assertEqual(len(self.events(self.transfer_done, order.picking_ids)), 1)

    def test_the_shipment_of_a_confirmed_sales_order_makes_one_event(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.ref("integration_monitor_sample.partner_clinic").id,
                "order_line": [Command.create({"product_id": self.gloves.id, "product_uom_qty": 5})],
            }
        )
        order.action_confirm()
        self.validate(order.picking_ids)
        self.assertEqual(len(self.events(self.transfer_done, order.picking_ids)), 1)
