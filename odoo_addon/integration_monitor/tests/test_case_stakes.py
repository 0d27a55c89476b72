"""Deliveries know from the save whose document they are about and how much is at stake."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestCaseStakes(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type()
        cls.subscribe(cls.new_endpoint(), cls.event_type)
        cls.currency = cls.env.ref("base.EUR")

    def deliver(self, stakes=None):
        partner = self.env["res.partner"].create({"name": "Mercy Hospital"})
        if stakes is None:
            self.complete()
        else:
            with patch.object(type(partner), "_integration_stakes", lambda records: stakes(records)):
                self.complete()
        return self.env["integration.delivery"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        ), partner

    def test_a_contact_is_at_stake_itself_without_an_amount(self):
        delivery, partner = self.deliver()
        self.assertEqual(delivery.partner_id, partner)
        self.assertFalse(delivery.currency_id)
        self.assertFalse(delivery.amount)

    def test_a_document_says_its_amount_in_its_currency(self):
        delivery, partner = self.deliver(
            lambda records: {record.id: (record.id, 1234.56, self.currency.id) for record in records}
        )
        self.assertEqual((delivery.amount, delivery.currency_id), (1234.56, self.currency))

    def test_an_amount_without_a_currency_is_none(self):
        delivery, _partner = self.deliver(
            lambda records: {record.id: (False, 7, False) for record in records}
        )
        self.assertFalse(delivery.amount or delivery.currency_id or delivery.partner_id)

    def test_a_document_that_fails_to_say_it_is_delivered_all_the_same(self):
        def fail(records):
            raise ValueError("no idea")

        delivery, _partner = self.deliver(fail)
        self.assertEqual(delivery.state, "pending")
        self.assertFalse(delivery.partner_id)

    @mute_logger("odoo.addons.integration_monitor.capture.event_content")
    def test_a_delivery_that_fails_at_the_save_knows_it_as_well(self):
        self.event_type.field_ids.path = "name"
        with patch(
            "odoo.addons.integration_monitor.capture.event_content.render_records", side_effect=ValueError
        ):
            delivery, partner = self.deliver()
        self.assertEqual((delivery.state, delivery.partner_id), ("failed", partner))

    def test_a_replay_with_current_content_knows_it_as_well(self):
        delivery, partner = self.deliver()
        delivery.write({"state": "delivered", "partner_id": False})
        skipped = delivery._bulk_replay_current(delivery.endpoint_id)
        self.assertFalse(skipped)
        newest = delivery.search([("res_model", "=", "res.partner"), ("res_id", "=", partner.id)], limit=1)
        self.assertNotEqual(newest, delivery)
        self.assertEqual(newest.partner_id, partner)

    def test_a_deleted_contact_leaves_the_delivery_without_one(self):
        delivery, partner = self.deliver()
        partner.unlink()
        delivery.invalidate_recordset()
        self.assertFalse(delivery.partner_id)
