"""When stock transfers make events, and when they must not."""

import json

from odoo import Command
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTransferEvents(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.transfer_done = cls.subscribe("integration_monitor_stock.integration_event_type_transfer_done")
        cls.product = cls.env["product.product"].create(
            {"name": "Gloves", "default_code": "GLV", "is_storable": True}
        )
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.shelf = cls.warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(cls.product, cls.shelf, 50)

    def create_transfer(self, operation, quantity=5):
        """Create a confirmed transfer; operation is in, out or int (as in the warehouse's *_type_id)."""
        outside = {"in": "stock.stock_location_suppliers", "out": "stock.stock_location_customers"}
        source = self.env.ref(outside["in"]) if operation == "in" else self.shelf
        target = self.env.ref(outside["out"]) if operation == "out" else self.shelf
        if operation == "int":
            target = self.env["stock.location"].create({"name": "Ward 3", "location_id": self.shelf.id})
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse[f"{operation}_type_id"].id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self.end_transaction()
        return picking

    def validate(self, picking, quantity=5):
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True, picking_ids_not_to_backorder=[]).button_validate()
        self.end_transaction()

    def test_validating_a_receipt_makes_exactly_one_event(self):
        picking = self.create_transfer("in")
        self.assertFalse(self.events(self.transfer_done, picking))
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(len(self.events(self.transfer_done, picking)), 1)
        self.assertEqual(picking.integration_state, "pending")

    def test_what_the_goods_cost_is_at_stake(self):
        self.product.standard_price = 12.5
        picking = self.create_transfer("out")
        self.validate(picking)
        delivery = self.events(self.transfer_done, picking).delivery_ids
        self.assertEqual((delivery.amount, delivery.currency_id), (62.5, self.env.company.currency_id))

    def test_goods_without_a_cost_have_no_amount(self):
        self.product.standard_price = 0
        picking = self.create_transfer("out")
        self.validate(picking)
        delivery = self.events(self.transfer_done, picking).delivery_ids
        self.assertFalse(delivery.currency_id)

    def test_validating_a_shipment_makes_exactly_one_event(self):
        picking = self.create_transfer("out")
        self.validate(picking)
        self.assertEqual(len(self.events(self.transfer_done, picking)), 1)

    def test_moving_goods_inside_the_warehouse_makes_no_event(self):
        picking = self.create_transfer("int")
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.events(self.transfer_done, picking))

    def test_editing_a_done_transfer_makes_no_event(self):
        picking = self.create_transfer("in")
        self.validate(picking)
        picking.note = "Two boxes were wet"
        self.end_transaction()
        picking.is_locked = False
        picking.move_ids.quantity = 4
        self.assertEqual(len(self.events(self.transfer_done, picking)), 1)

    def test_a_partial_receipt_makes_one_event_and_its_backorder_another(self):
        picking = self.create_transfer("in")
        self.validate(picking, quantity=2)
        backorder = picking.backorder_ids
        self.assertEqual(len(self.events(self.transfer_done, picking)), 1)
        self.assertFalse(self.events(self.transfer_done, backorder))
        self.validate(backorder, quantity=3)
        self.assertEqual(len(self.events(self.transfer_done, backorder)), 1)

    def test_cancelling_a_transfer_makes_no_event(self):
        picking = self.create_transfer("out")
        picking.action_cancel()
        self.assertFalse(self.events(self.transfer_done, picking))

    def test_the_payload_tells_what_was_moved(self):
        picking = self.create_transfer("in")
        self.validate(picking)
        data = json.loads(self.events(self.transfer_done, picking).payload)
        self.assertEqual(data["picking_type_code"], "incoming")
        self.assertTrue(data["date_done"])
        [move] = data["move_ids"]
        self.assertEqual(move["product_id"]["default_code"], "GLV")
        self.assertEqual((move["quantity"], move["state"]), (5, "done"))
