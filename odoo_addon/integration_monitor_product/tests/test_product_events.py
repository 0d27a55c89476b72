"""When products and their variants make events, and when they must not."""

import json

from odoo import Command
from odoo.addons.integration_monitor.tests.document_case import DocumentCase
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged


@tagged("post_install", "-at_install")
class TestProductEvents(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prefix = "integration_monitor_product.integration_event_type_"
        cls.product_changed = cls.subscribe(prefix + "product_changed")
        cls.variant_changed = cls.subscribe(prefix + "variant_changed")
        cls.product = cls.env["product.template"].create({"name": "Gloves", "default_code": "GLV"})
        cls.env["integration.event"]._complete_captured()

    def count(self, product=None):
        """Events of the product and of its variants since it was created."""
        product = product or self.product
        variants = product.product_variant_ids
        return (
            len(self.events(self.product_changed, product)) - 1,
            sum(len(self.events(self.variant_changed, variant)) - 1 for variant in variants),
        )

    def test_a_new_product_makes_one_event_for_itself_and_one_for_its_variant(self):
        self.assertEqual(self.count(), (0, 0))
        self.assertEqual(self.product.integration_state, "pending")
        self.assertEqual(self.product.product_variant_id.integration_state, "pending")

    def test_a_new_name_or_price_is_news_of_the_product_alone(self):
        self.product.name = "Nitrile gloves"
        self.assertEqual(self.count(), (1, 0))
        self.product.list_price = 12.5
        self.assertEqual(self.count(), (2, 0))

    def test_a_barcode_is_news_of_the_variant_alone(self):
        self.product.barcode = "4006381333931"
        self.assertEqual(self.count(), (0, 1))

    def test_the_reference_of_the_only_variant_is_news_of_both(self):
        self.product.product_variant_id.default_code = "GLV-2"
        self.assertEqual(self.count(), (1, 1))

    def test_costs_images_notes_and_equal_values_make_no_event(self):
        self.product.standard_price = 3
        self.product.description = "Internal note"
        self.product.is_favorite = True
        self.product.write({"name": "Gloves", "default_code": "GLV"})
        self.assertEqual(self.count(), (0, 0))

    def test_archiving_makes_one_event_each_that_says_so(self):
        variant = self.product.product_variant_id
        self.product.action_archive()
        events = self.events(self.product_changed, self.product)
        self.assertIs(json.loads(events[-1].payload)["active"], False)
        self.assertEqual(len(self.events(self.variant_changed, variant)), 2)

    def test_the_payload_tells_names_numbers_and_variants(self):
        colours = self.env["product.attribute"].create(
            {"name": "Colour", "value_ids": [Command.create({"name": n}) for n in ("Blue", "White")]}
        )
        gown = self.env["product.template"].create(
            {
                "name": "Gown",
                "list_price": 8.9,
                "attribute_line_ids": [
                    Command.create(
                        {"attribute_id": colours.id, "value_ids": [Command.set(colours.value_ids.ids)]}
                    )
                ],
            }
        )
        gown.product_variant_ids[0].default_code = "GOWN-B"
        data = json.loads(self.events(self.product_changed, gown).payload)
        self.assertEqual((data["name"], data["list_price"]), ("Gown", 8.9))
        self.assertEqual(data["currency_id"]["name"], gown.currency_id.name)
        self.assertEqual([line["default_code"] for line in data["product_variant_ids"]], ["GOWN-B", None])
        values = [line["product_template_attribute_value_ids"] for line in data["product_variant_ids"]]
        self.assertEqual([value["name"] for [value] in values], ["Blue", "White"])
        variant = json.loads(self.events(self.variant_changed, gown.product_variant_ids[0]).payload)
        self.assertEqual((variant["default_code"], variant["product_tmpl_id"]["id"]), ("GOWN-B", gown.id))

    def test_who_keeps_products_retries_and_who_only_reads_them_does_not(self):
        keeper = self.new_user(
            "im_keeper", "base.group_user,base.group_partner_manager,product.group_product_manager"
        )
        reader = self.new_user("im_reader", "base.group_user,base.group_partner_manager")
        delivery = self.deliveries(self.product_changed, self.product)
        self.refuse(delivery)
        as_reader = self.product.with_user(reader)
        self.assertEqual(as_reader.integration_failed_count, 1)
        self.assertFalse(as_reader.can_retry_integration)
        with self.assertRaises(AccessError):
            as_reader.action_integration_retry()
        self.product.with_user(keeper).action_integration_retry()
        self.assertEqual(delivery.state, "pending")

    def test_the_forms_and_lists_of_products_and_variants_show_it(self):
        for record in (self.product, self.product.product_variant_id):
            with Form(record) as form:
                self.assertEqual(form.integration_state, "pending")
            arch = record.get_view(view_type="list")["arch"]
            self.assertIn("integration_state", arch)
            self.assertIn("group_by_integration_state", record.get_view(view_type="search")["arch"])
