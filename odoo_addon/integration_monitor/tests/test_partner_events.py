"""When contacts make events, and when they must not."""

import json

from odoo.tests import tagged

from .document_case import DocumentCase


@tagged("post_install", "-at_install")
class TestPartnerEvents(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_changed = cls.subscribe("integration_monitor.integration_event_type_partner_changed")

    def create_partner(self):
        partner = self.env["res.partner"].create({"name": "Meridian Health", "ref": "PAYER-1"})
        self.end_transaction()
        return partner

    def test_creating_a_contact_makes_exactly_one_event(self):
        partner = self.create_partner()
        event = self.events(self.partner_changed, partner)
        self.assertEqual(len(event), 1)
        self.assertEqual(json.loads(event.payload)["ref"], "PAYER-1")
        self.assertEqual(partner.integration_state, "pending")

    def test_several_changes_in_one_transaction_make_one_event_with_the_final_values(self):
        partner = self.create_partner()
        partner.email = "old@meridian.example"
        partner.write({"email": "claims@meridian.example", "city": "Seattle"})
        events = self.events(self.partner_changed, partner)
        self.assertEqual(len(events), 2)
        self.assertEqual(json.loads(events[1].payload)["email"], "claims@meridian.example")

    def test_a_change_that_nobody_is_told_about_makes_no_event(self):
        partner = self.create_partner()
        partner.comment = "Prefers letters"
        self.assertEqual(len(self.events(self.partner_changed, partner)), 1)

    def test_archiving_a_contact_makes_an_event_that_says_so(self):
        partner = self.create_partner()
        partner.active = False
        events = self.events(self.partner_changed, partner)
        self.assertEqual(len(events), 2)
        self.assertFalse(json.loads(events[1].payload)["active"])

    def test_neither_creating_nor_changing_a_colleague_makes_an_event(self):
        colleague = self.new_user("im_colleague", "base.group_user").partner_id
        self.end_transaction()
        self.assertFalse(self.events(self.partner_changed, colleague))
        colleague.phone = "+1 503 555 0199"
        self.assertFalse(self.events(self.partner_changed, colleague))
