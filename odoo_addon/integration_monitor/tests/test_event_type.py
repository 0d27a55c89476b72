"""The catalogue keeps its rules in step and refuses what could not work."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEventType(CaptureCase):
    def test_an_event_type_maintains_its_rule_and_action(self):
        event_type = self.new_event_type(filter_domain="[('ref', '!=', False)]", trigger="on_create")
        rule = event_type.automation_id
        self.assertEqual(rule.model_id, event_type.model_id)
        self.assertEqual(rule.trigger, "on_create")
        self.assertEqual(rule.action_server_ids.state, "integration_event")
        self.assertEqual(rule.action_server_ids.integration_event_type_id, event_type)

        event_type.write(
            {
                "trigger": "on_write",
                "filter_domain": False,
                "filter_pre_domain": "[('ref', '=', False)]",
                "trigger_field_ids": [
                    Command.link(self.env["ir.model.fields"]._get("res.partner", "ref").id)
                ],
            }
        )
        self.assertEqual(rule.trigger, "on_write")
        self.assertFalse(rule.filter_domain)
        self.assertEqual(rule.filter_pre_domain, "[('ref', '=', False)]")
        self.assertEqual(rule.trigger_field_ids.name, "ref")

    def test_a_manager_makes_and_changes_one_though_odoo_drops_sudo_from_commands(self):
        manager = new_test_user(
            self.env, "type_manager", groups="integration_monitor.group_manager", email=False
        )
        # As in a request of this person: Odoo carries out commands on server actions with these rights.
        self.patch(self.env.transaction, "default_env", self.env(user=manager.id, su=False))
        event_type = self.new_event_type(paths=()).with_user(manager)
        event_type.model_id = self.env["ir.model"]._get_id("res.bank")
        event_type.trigger = "on_write"
        made = (
            self.env["integration.event.type"]
            .with_user(manager)
            .create(
                {
                    "name": "Made by a manager",
                    "technical_name": "test.made_by_manager.v1",
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                }
            )
        )
        self.assertEqual(made.sudo().automation_id.action_server_ids.integration_event_type_id, made)

    def test_another_model_gets_the_rule_a_new_action(self):
        event_type = self.new_event_type(paths=())
        event_type.model_id = self.env["ir.model"]._get_id("res.bank")
        self.assertEqual(event_type.automation_id.action_server_ids.model_id.model, "res.bank")
        self.env["res.bank"].create({"name": "Bank"})
        self.complete()
        self.assertEqual(self.events_of(event_type).res_model, "res.bank")

    def test_the_model_of_an_event_type_with_events_stays(self):
        event_type = self.new_event_type(paths=())
        self.env["res.partner"].create({"name": "Ada"})
        self.complete()
        # A retry would send another record's content, and staff would lose sight of the deliveries.
        with self.assertRaisesRegex(ValidationError, "recorded events"):
            event_type.model_id = self.env["ir.model"]._get_id("res.bank")

    def test_an_archived_event_type_records_nothing_until_it_is_restored(self):
        event_type = self.new_event_type()
        event_type.active = False
        self.env["res.partner"].create({"name": "Ada"})
        self.complete()
        self.assertFalse(self.events_of(event_type))
        event_type.active = True
        self.env["res.partner"].create({"name": "Grace"})
        self.complete()
        self.assertEqual(len(self.events_of(event_type)), 1)

    def test_only_watched_fields_and_matching_records_count(self):
        event_type = self.new_event_type(
            trigger="on_write",
            filter_pre_domain="[('ref', '=', 'a')]",
            filter_domain="[('ref', '=', 'b')]",
            trigger_field_ids=[Command.link(self.env["ir.model.fields"]._get("res.partner", "ref").id)],
        )
        partner = self.env["res.partner"].create({"name": "Ada", "ref": "a"})
        partner.email = "ada@example.org"
        self.complete()
        self.assertFalse(self.events_of(event_type))
        partner.ref = "b"
        self.complete()
        self.assertEqual(len(self.events_of(event_type)), 1)
        partner.ref = "c"
        self.complete()
        self.assertEqual(len(self.events_of(event_type)), 1)

    def test_an_event_type_whose_last_watched_field_is_deleted_is_archived(self):
        fields = self.env["ir.model.fields"].create(
            [
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                    "ttype": "char",
                }
                for name in ("x_first", "x_second")
            ]
        )
        event_type = self.new_event_type(paths=(), trigger_field_ids=[Command.set(fields.ids)])
        fields[0].unlink()
        self.assertTrue(event_type.active)
        fields[1].unlink()
        # Without any watched field every change of a contact would have become an event.
        self.assertFalse(event_type.active)
        self.assertFalse(event_type.automation_id.active)

    def test_an_event_type_with_events_is_archived_and_not_deleted(self):
        event_type = self.new_event_type()
        self.env["res.partner"].create({"name": "Ada"})
        self.complete()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            event_type.unlink()

    def test_an_unused_event_type_is_deleted_with_its_rule(self):
        event_type = self.new_event_type()
        rule = event_type.automation_id
        event_type.unlink()
        self.assertFalse(rule.exists())

    def test_the_rule_of_an_event_type_is_not_deleted_by_hand(self):
        with self.assertRaisesRegex(UserError, "Archive the event type"):
            self.new_event_type().automation_id.unlink()

    def test_technical_names_are_checked_and_copies_get_their_own(self):
        event_type = self.new_event_type()
        for wrong in ("Odoo.partner.v1", "partner", "odoo..v1", "odoo.partner v1", "odoo.v1\n"):
            with self.assertRaises(ValidationError, msg=wrong):
                event_type.technical_name = wrong
        copy = event_type.copy()
        self.assertEqual(copy.technical_name, f"{event_type.technical_name}_copy")
        self.assertEqual(copy.field_ids.path, "name")
        self.assertNotEqual(copy.automation_id, event_type.automation_id)

    def test_filters_must_be_literal_domains_of_existing_fields(self):
        for wrong in ("[('x_gone', '=', 1)]", "name = 1", "[('name', '=', user.sudo())]", "[('name', '='"):
            with self.assertRaises(ValidationError, msg=wrong):
                self.new_event_type(filter_domain=wrong)

    def test_field_lists_must_fit_the_model_and_disclose_nothing_restricted(self):
        for wrong, reason in (
            ("x_gone", "does not exist"),
            ("name.ref", "not a link"),
            ("parent_id.x_gone", "does not exist"),
            ("image_1920", "cannot be sent"),
            ("user_ids.totp_secret", "visible to chosen groups"),
        ):
            with self.assertRaisesRegex(ValidationError, reason, msg=wrong):
                self.new_event_type(paths=(wrong,))

    def test_our_own_records_are_not_published(self):
        for model in ("integration.event", "integration.delivery", "integration.endpoint"):
            with self.assertRaises(ValidationError, msg=model):
                self.new_event_type(model, paths=())
            with self.assertRaises(ValidationError, msg=model):
                self.env["base.automation"].create(
                    {
                        "name": "Recursion",
                        "trigger": "on_create",
                        "model_id": self.env["ir.model"]._get_id(model),
                    }
                )

    def test_a_publishing_action_needs_an_event_type_of_its_model(self):
        event_type = self.new_event_type("res.bank")
        values = {"name": "Publish", "state": "integration_event"}
        with self.assertRaises(ValidationError):
            self.env["ir.actions.server"].create({**values, "model_id": event_type.model_id.id})
        with self.assertRaises(ValidationError):
            self.env["ir.actions.server"].create(
                {
                    **values,
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                    "integration_event_type_id": event_type.id,
                }
            )

    def test_a_manager_of_the_monitor_configures_without_being_system_administrator(self):
        manager = new_test_user(self.env, "type_manager", groups="integration_monitor.group_manager")
        self.assertFalse(manager.has_group("base.group_system"))
        event_type = self.new_event_type().with_user(manager)
        event_type.write({"filter_domain": "[('ref', '!=', False)]", "active": False})
        self.assertFalse(event_type.sudo().automation_id.active)
        operator = new_test_user(self.env, "type_operator", groups="integration_monitor.group_operator")
        with self.assertRaises(AccessError):
            event_type.with_user(operator).active = True

    def test_core_knows_whose_business_master_data_is(self):
        self.assertEqual(
            self.env["integration.event.type"]._business_groups()["master_data"], "base.group_partner_manager"
        )
