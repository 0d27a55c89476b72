"""While an event type is made, its form shows what it would send, or what is wrong with it."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEventTypePreview(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "preview_manager", groups="integration_monitor.group_manager", email=False
        )

    def new_form(self):
        types = self.env["integration.event.type"].with_user(self.manager)
        return Form(types, view="integration_monitor.integration_event_type_view_form")

    def test_an_administrator_of_integrations_makes_one_and_sees_what_it_sends(self):
        bank = self.env["res.bank"].create({"name": "Bank of Ada"})
        with self.new_form() as form:
            form.name = "Bank created"
            form.technical_name = "test.bank.created.v1"
            form.model_id = self.env["ir.model"]._get("res.bank")
            self.assertIn('"name": "Bank of Ada"', form.preview)
            with form.field_ids.new() as line:
                line.path = "bic"
            self.assertIn('"bic": null', form.preview)
            self.assertIn(bank.display_name, form.preview_origin)
            self.assertFalse(form.problem)
        self.env["res.bank"].create({"name": "Another"})
        self.complete()
        made = self.env["integration.event.type"].search([("technical_name", "=", "test.bank.created.v1")])
        self.assertEqual(self.events_of(made).mapped("record_name"), ["Another"])

    def test_what_is_wrong_is_said_before_it_is_saved(self):
        form = self.new_form()
        form.name, form.technical_name = "Wrong", "test.wrong.v1"
        form.model_id = self.env["ir.model"]._get("res.partner")
        form.filter_domain = "[('no_such_field', '=', 1)]"
        self.assertIn("no_such_field", form.problem)
        self.assertFalse(form.preview)
        form.filter_domain = "[]"
        self.assertFalse(form.problem)
        line = form.field_ids.new()
        line.path = "name.length"
        line.save()
        self.assertIn("name", form.problem)

    def test_models_that_only_system_administrators_read_are_refused(self):
        for model in ("ir.config_parameter", "ir.mail_server"):
            with self.assertRaisesRegex(ValidationError, "system administrators only"):
                self.new_event_type(model, paths=())
        form = self.new_form()
        form.model_id = self.env["ir.model"]._get("ir.config_parameter")
        self.assertIn("system administrators only", form.problem)

    def test_a_path_through_such_a_model_is_refused(self):
        event_type = self.new_event_type("res.users", paths=("login",))
        with self.assertRaisesRegex(ValidationError, "chosen groups only"):
            event_type.field_ids = [Command.create({"path": "totp_secret"})]
        self.env["ir.model.access"].search([("model_id.model", "=", "res.country")]).perm_read = False
        with self.assertRaisesRegex(ValidationError, "system administrators only"):
            event_type.field_ids = [Command.create({"path": "country_id.code"})]
        self.assertFalse(event_type.preview and "totp_secret" in event_type.preview)
