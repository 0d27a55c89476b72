"""Samples of what an event type tells: real ones where the person may see one, made-up ones elsewhere."""

import json

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..payload.field_tree import build_field_tree
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEventTypeExample(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.viewer = new_test_user(cls.env, "sampler", groups="integration_monitor.group_user", email=False)

    def sample(self, event_type, record_id=False, user=None):
        sample = event_type.with_user(user or self.viewer).get_example(record_id)
        return {**sample, "payload": sample["payload"] and json.loads(sample["payload"])}

    def test_the_last_recorded_event_is_the_sample(self):
        event_type = self.new_event_type(paths=("name", "ref"))
        self.env["res.partner"].create({"name": "Ada", "ref": "A1"})
        self.complete()
        sample = self.sample(event_type)
        self.assertEqual((sample["source"], sample["record_name"]), ("event", "Ada"))
        self.assertEqual(sample["payload"], self.payload_of(self.events_of(event_type)))

    def test_events_with_other_fields_than_now_are_no_samples(self):
        event_type = self.new_event_type(paths=("name",), filter_domain="[('ref', '=', 'sampled')]")
        partner = self.env["res.partner"].create({"name": "Ada", "ref": "sampled"})
        self.complete()
        self.env["res.partner"].create({"name": "Grace"})
        self.events_of(event_type).recorded_at = "2020-01-01"
        event_type.field_ids = [(0, 0, {"path": "ref"})]
        sample = self.sample(event_type)
        self.assertEqual((sample["source"], sample["record_name"]), ("record", partner.display_name))
        self.assertEqual(sample["payload"]["ref"], "sampled")

    def test_a_record_is_rendered_with_the_rights_of_who_looks(self):
        event_type = self.new_event_type("res.bank", paths=("name",))
        bank = self.env["res.bank"].create({"name": "Bank of Ada"})
        self.assertEqual(self.sample(event_type, bank.id)["payload"]["name"], "Bank of Ada")
        self.env["ir.model.access"].search([("model_id.model", "=", "res.bank")]).perm_read = False
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.sample(event_type, bank.id)
        self.assertEqual(self.sample(event_type)["source"], "invented")

    def test_a_link_to_something_secret_makes_the_sample_a_made_up_one(self):
        event_type = self.new_event_type("res.partner.bank", paths=("acc_number", "bank_id.name"))
        bank = self.env["res.bank"].create({"name": "Hidden bank"})
        self.env["res.partner.bank"].create(
            {"acc_number": "42", "partner_id": self.env.company.partner_id.id, "bank_id": bank.id}
        )
        self.events_of(event_type).unlink()
        self.env["ir.model.access"].search([("model_id.model", "=", "res.bank")]).perm_read = False
        with mute_logger("odoo.addons.base.models.ir_model"):
            sample = self.sample(event_type)
        self.assertEqual(sample["source"], "invented")
        self.assertNotIn("Hidden bank", json.dumps(sample))

    def test_a_made_up_sample_and_the_schema_have_the_shape_of_a_real_payload(self):
        paths = (
            "name",
            "ref",
            "active",
            "color",
            "partner_latitude",
            "create_date",
            "type",
            "country_id",
            "country_id.code",
            "category_id",
            "child_ids.name",
            "child_ids.country_id.code",
        )
        event_type = self.new_event_type(paths=paths)
        partner = self.env["res.partner"].create(
            {
                "name": "Ada",
                "ref": "A1",
                "country_id": self.env.ref("base.be").id,
                "category_id": [(0, 0, {"name": "Vip"})],
                "child_ids": [(0, 0, {"name": "Grace", "country_id": self.env.ref("base.be").id})],
            }
        )
        real = json.loads(event_type.get_example(partner.id)["payload"])
        invented = event_type._sample_invented(self.tree_of(event_type))["payload"]
        self.assertEqual(shape_of(invented), shape_of(real))
        schema = json.loads(event_type.get_example(partner.id)["schema"])
        for payload in (real, invented):
            check_against(schema, payload)

    def tree_of(self, event_type):
        return build_field_tree(self.env[event_type.model_name], event_type.field_ids.mapped("path"))

    def test_a_field_list_that_no_longer_fits_is_explained(self):
        event_type = self.new_event_type()
        self.env.cr.execute(
            "UPDATE integration_event_type_field SET path = 'gone' WHERE event_type_id = %s", [event_type.id]
        )
        self.env.invalidate_all()
        sample = self.sample(event_type)
        self.assertIn("gone", sample["error"])
        self.assertFalse(sample["payload"])

    def test_staff_without_a_role_sees_no_samples(self):
        event_type = self.new_event_type()
        clerk = new_test_user(self.env, "sample_clerk", groups="base.group_partner_manager", email=False)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.sample(event_type, user=clerk)


def shape_of(value):
    """The keys of objects, and the kind of each value; null fits everything."""
    if isinstance(value, dict):
        left_out = {"company", "external_id"}
        return {
            key: shape_of(part) for key, part in value.items() if part is not None and key not in left_out
        }
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def check_against(schema, value):
    """The part of JSON Schema that we use: types, properties, required ones and items."""
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds:
        assert any(is_kind(value, kind) for kind in kinds), (schema, value)
    if isinstance(value, dict):
        assert set(schema.get("required", [])) <= set(value), (schema, value)
        for name, part in value.items():
            check_against(schema["properties"][name], part)
    if isinstance(value, list):
        for item in value:
            check_against(schema["items"], item)


def is_kind(value, kind):
    if kind == "null":
        return value is None
    if kind in ("integer", "number") and isinstance(value, bool):
        return False
    return isinstance(
        value,
        {
            "object": dict,
            "array": list,
            "string": str,
            "boolean": bool,
            "integer": int,
            "number": (int, float),
        }[kind],
    )
