"""Fields are chosen from a tree that shows real values, and says why some cannot be sent."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEventTypeChoice(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "integration_monitor.group_manager"
        cls.manager = new_test_user(cls.env, "choice_manager", groups=groups, email=False)
        cls.event_type = cls.new_event_type(filter_domain="[('ref', '=', 'chosen')]").with_user(cls.manager)
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Ada",
                "ref": "chosen",
                "country_id": cls.env.ref("base.be").id,
                "child_ids": [(0, 0, {"name": "Grace"})],
            }
        )

    def choices(self, path=""):
        answer = self.event_type.get_field_choices(path)
        return {row["path"]: row for row in answer["fields"]}

    def test_the_tree_shows_the_values_of_a_record_that_meets_the_condition(self):
        self.assertEqual(self.event_type.get_field_choices()["record_name"], "Ada")
        choices = self.choices()
        self.assertEqual(choices["name"]["sample"], "Ada")
        self.assertEqual(choices["country_id"]["sample"], "Belgium")
        self.assertTrue(choices["country_id"]["is_link"])
        self.assertEqual(self.choices("country_id")["country_id.code"]["sample"], "BE")
        self.assertEqual(self.choices("child_ids")["child_ids.name"]["sample"], "Grace")

    def test_what_cannot_be_sent_says_why(self):
        self.assertIn("cannot be sent", self.choices()["image_1920"]["refusal"])
        self.assertIn("chosen groups only", self.choices("user_ids")["user_ids.totp_secret"]["refusal"])
        self.assertEqual(self.choices("user_ids")["user_ids.totp_secret"]["sample"], "")

    def test_values_that_one_may_not_read_are_not_shown(self):
        self.env["ir.model.access"].search([("model_id.model", "=", "res.country")]).perm_read = False
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.assertEqual(self.choices()["country_id"]["sample"], "")

    def test_choosing_keeps_the_place_of_what_was_there(self):
        self.event_type.choose_fields(["name", "ref", "country_id.code"])
        self.assertEqual(self.event_type.field_ids.mapped("path"), ["name", "ref", "country_id.code"])
        self.event_type.choose_fields(["country_id.code", "vat", "ref"])
        self.assertEqual(self.event_type.field_ids.sorted().mapped("path"), ["ref", "country_id.code", "vat"])

    def test_only_who_configures_chooses(self):
        groups = "integration_monitor.group_operator"
        operator = new_test_user(self.env, "choice_operator", groups=groups, email=False)
        event_type = self.event_type.with_user(operator)
        with mute_logger("odoo.addons.base.models.ir_model"):
            for call in (event_type.get_field_choices, lambda: event_type.choose_fields(["name"])):
                with self.assertRaises(AccessError):
                    call()
