"""Samples of events and counts of filters: with the rights of whoever looks."""

import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..payload.field_tree import build_field_tree
from ..payload.sample_render import make_up_payload
from .common import CaptureCase, open_to_others


@tagged("post_install", "-at_install")
class TestEventSample(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "sample_manager", groups="base.group_user,integration_monitor.group_manager", email=False
        )
        cls.type = cls.new_event_type(
            paths=("name", "parent_id.ref", "child_ids.email", "create_date", "type"),
            filter_domain="[('ref', '=', 'sample')]",
        )
        cls.parent = cls.env["res.partner"].create({"name": "Meridian", "ref": "M-1"})
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Mercy Hospital",
                "ref": "sample",
                "parent_id": cls.parent.id,
                "child_ids": [Command.create({"name": "Ann", "email": "ann@example.org"})],
            }
        )

    def sample(self, *args, user=None, event_type=None):
        return (event_type or self.type).with_user(user or self.manager).get_sample(*args)

    def test_a_sample_is_the_event_of_the_latest_record_that_fits(self):
        self.env["res.partner"].create({"name": "Later, but no sample"})
        sample = self.sample()
        event = json.loads(sample["event"])
        self.assertEqual(sample["record_name"], self.partner.display_name)
        self.assertEqual((sample["source"], sample["res_id"]), ("record", self.partner.id))
        self.assertEqual(event["type"], self.type.technical_name)
        self.assertEqual(event["subject"], f"res.partner/{self.partner.id}")
        self.assertEqual(event["data"]["parent_id"]["ref"], "M-1")
        self.assertEqual([line["email"] for line in event["data"]["child_ids"]], ["ann@example.org"])
        self.assertEqual(sample["labels"]["parent_id.ref"], "Related Company › Reference")

    def test_a_sample_has_the_data_that_an_event_of_the_record_has(self):
        self.new_endpoint()
        self.partner.name = "Mercy Clinic"
        self.complete()
        payload = self.payload_of(self.events_of(self.type)[-1])
        self.assertEqual(json.loads(self.sample(self.partner.id)["event"])["data"], payload)

    def test_the_filter_of_the_subscription_chooses_the_record_and_a_wrong_one_does_not_matter(self):
        other = self.partner.copy({"ref": "sample", "name": "Other"})
        by_filter = self.sample(False, f"[('id', '=', {self.partner.id})]")
        self.assertEqual(by_filter["res_id"], self.partner.id)
        for text in ("[('id', '=', 0)]", "[('no_such_field', '=', 1)]", "nonsense("):
            self.assertEqual(self.sample(False, text)["res_id"], other.id, text)

    def test_who_may_read_no_documents_gets_made_up_values_of_the_same_shape(self):
        open_to_others(self.env, "ir.cron")
        event_type = self.new_event_type(
            model="ir.cron", paths=("name", "user_id.login", "interval_number", "active", "nextcall")
        )
        sample = self.sample(event_type=event_type)
        self.assertEqual((sample["source"], sample["why_made_up"]), ("made_up", "no_access"))
        data = json.loads(sample["event"])["data"]
        self.assertEqual(data["user_id"].keys(), {"id", "name", "external_id", "login"})
        self.assertEqual((data["interval_number"], data["active"]), (3, True))

    def test_a_record_that_must_not_be_read_is_refused_and_what_it_links_to_stays_empty(self):
        rules = self.env["ir.rule"].sudo()
        rules.create(
            {
                "name": "Hidden parent",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.parent.id})]",
            }
        )
        sample = self.sample(self.partner.id)
        self.assertEqual(sample["hidden"], ["parent_id"])
        self.assertIsNone(json.loads(sample["event"])["data"]["parent_id"])
        with self.assertRaises(AccessError):
            self.sample(self.parent.id)

    def test_staff_without_a_role_sees_no_samples(self):
        clerk = new_test_user(self.env, "sample_clerk", groups="base.group_partner_manager", email=False)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.sample(user=clerk)

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
        belgium = self.env.ref("base.be").id
        partner = self.env["res.partner"].create(
            {
                "name": "Ada",
                "ref": "A1",
                "country_id": belgium,
                "category_id": [Command.create({"name": "Vip"})],
                "child_ids": [Command.create({"name": "Grace", "country_id": belgium})],
            }
        )
        sample = self.sample(partner.id, event_type=event_type)
        real = json.loads(sample["event"])["data"]
        model = self.env["res.partner"]
        made_up = make_up_payload(model, build_field_tree(model, event_type.field_ids.mapped("path")))
        self.assertEqual(shape_of(made_up), shape_of(real))
        for payload in (real, made_up):
            check_against(json.loads(sample["schema"]), payload)

    def test_looking_keeps_what_was_changed_before(self):
        self.partner.name = "Mercy Clinic"
        self.assertEqual(json.loads(self.sample()["event"])["data"]["name"], "Mercy Clinic")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.partner.name, "Mercy Clinic")

    def test_a_field_list_that_no_longer_fits_is_told(self):
        self.env.cr.execute(
            "UPDATE integration_event_type_field SET path = 'gone' WHERE id = %s", [self.type.field_ids[0].id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "IM_SAMPLE_UNAVAILABLE.*gone"):
            self.sample()

    def count(self, text=False, event_type=None, user=None):
        subscriptions = self.env["integration.subscription"].with_user(user or self.manager)
        return subscriptions.count_matching((event_type or self.type).id, text)

    def test_the_count_tells_how_many_of_the_recent_documents_the_filter_lets_through(self):
        self.partner.copy({"ref": "sample", "name": "Other"})
        old = self.partner.copy({"ref": "sample", "name": "Old"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = now() - interval '100 days' WHERE id = %s", [old.id]
        )
        counted = self.count("[('name', '=', 'Other')]")
        self.assertEqual(
            counted, {"state": "counted", "matching": 1, "total": 2, "limit": 10_000, "days": 90}
        )
        self.assertEqual(self.count()["matching"], 2)

    def test_what_cannot_be_counted_is_told_by_its_reason(self):
        self.assertEqual(self.count("[('no_such_field', '=', 1)]")["state"], "invalid")
        self.assertEqual(self.count("nonsense(")["state"], "invalid")
        open_to_others(self.env, "ir.cron")
        no_access = self.new_event_type(model="ir.cron")
        self.assertEqual(self.count(event_type=no_access)["state"], "no_access")

    def test_a_count_that_takes_too_long_is_given_up_and_the_transaction_goes_on(self):
        self.patch(
            type(self.env["res.partner"]),
            "search_count",
            lambda self, *args, **options: self.env.cr.execute("SELECT pg_sleep(30)"),
        )
        self.assertEqual(self.count()["state"], "slow")
        self.assertTrue(self.partner.exists())
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone()[0], "0")


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
