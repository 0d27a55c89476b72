""" "When its status becomes …" fills in trigger, watched field and conditions, and is read back from them."""

from odoo.tests import Form, tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEventTypeEntry(CaptureCase):
    """On the type of contacts, which every database has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.field = cls.env["ir.model.fields"]._get("res.partner", "type")
        cls.choices = {choice.value: choice for choice in cls.field.selection_ids}

    def form(self, event_type):
        return Form(event_type, view="integration_monitor.integration_event_type_view_form")

    def enter(self, event_type, *values):
        with self.form(event_type) as form:
            form.entered_field_id = self.field
            form.entered_value_ids.clear()
            for value in values:
                form.entered_value_ids.add(self.choices[value])

    def test_choosing_a_status_says_when_the_event_happens(self):
        event_type = self.new_event_type(trigger="on_create")
        self.enter(event_type, "invoice")
        self.assertEqual(event_type.trigger, "on_create_or_write")
        self.assertEqual(event_type.trigger_field_ids, self.field)
        self.assertEqual(event_type.filter_domain, "[('type', '=', 'invoice')]")
        self.assertEqual(event_type.filter_pre_domain, "[('type', '!=', 'invoice')]")

        partner = self.env["res.partner"].create({"name": "Ada", "type": "contact"})
        self.complete()
        self.assertFalse(self.events_of(event_type))
        partner.type = "invoice"
        self.complete()
        partner.type = "invoice"
        partner.name = "Ada L."
        self.complete()
        self.assertEqual(len(self.events_of(event_type)), 1)

    def test_several_statuses_count_as_one(self):
        event_type = self.new_event_type()
        self.enter(event_type, "invoice", "delivery")
        values = self.env["ir.model.fields.selection"].search(
            [("id", "in", event_type.entered_value_ids.ids)]
        )
        self.assertEqual(set(values.mapped("value")), {"invoice", "delivery"})
        partner = self.env["res.partner"].create({"name": "Ada", "type": "invoice"})
        self.complete()
        partner.type = "delivery"
        self.complete()
        self.assertEqual(len(self.events_of(event_type)), 1, "from one of them to the other is no event")

    def test_other_conditions_stay(self):
        event_type = self.new_event_type(filter_domain="[('ref', '!=', False)]")
        self.enter(event_type, "invoice")
        self.enter(event_type, "delivery")
        self.assertEqual(event_type.filter_domain, "[('type', '=', 'delivery'), ('ref', '!=', False)]")
        either = self.new_event_type(filter_domain="['|', ('ref', '=', 'a'), ('ref', '=', 'b')]")
        self.enter(either, "invoice")
        matching = self.env["res.partner"].create({"name": "Ada", "ref": "a", "type": "invoice"})
        self.env["res.partner"].create({"name": "Grace", "ref": "c", "type": "invoice"})
        self.complete()
        self.assertEqual(self.events_of(either).mapped("res_id"), matching.ids)

    def test_what_was_written_by_hand_is_recognised_or_left_alone(self):
        by_hand = self.new_event_type(
            trigger_field_ids=[(6, 0, self.field.ids)],
            filter_pre_domain="[('type', '!=', 'invoice')]",
            filter_domain="[('type', '=', 'invoice'), ('ref', '!=', False)]",
        )
        self.assertEqual(by_hand.entered_field_id, self.field)
        self.assertEqual(by_hand.entered_value_ids, self.choices["invoice"])
        for values in (
            {"filter_pre_domain": False},
            {"filter_domain": "['|', ('type', '=', 'invoice'), ('ref', '!=', False)]"},
            {"trigger": "on_create"},
        ):
            other = by_hand.copy(values)
            self.assertFalse(other.entered_field_id, values)
