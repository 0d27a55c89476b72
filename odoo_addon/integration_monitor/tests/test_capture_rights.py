"""Whoever may change a business record causes its events, with no right to them."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestCaptureRights(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type(paths=("name",))
        cls.subscribe(cls.new_endpoint(), cls.event_type)
        cls.staff = new_test_user(
            cls.env, "capture_staff", groups="base.group_user,base.group_partner_manager"
        )
        cls.portal = new_test_user(cls.env, "capture_portal", groups="base.group_portal")
        cls.env["integration.event"]._complete_captured()
        cls.before = cls.env["integration.event"].search([("event_type_id", "=", cls.event_type.id)])

    def new_events(self):
        return self.events_of(self.event_type) - self.before

    def test_staff_without_any_integration_right_causes_events(self):
        self.env["res.partner"].with_user(self.staff).create({"name": "By staff"})
        self.complete()
        event = self.new_events()
        self.assertEqual(event.actor_id, self.staff)
        self.assertEqual(event.delivery_ids.state, "pending")
        with self.assertRaises(AccessError):
            event.with_user(self.staff).read(["payload"])

    def test_a_portal_user_causes_events_where_code_writes_for_him(self):
        partner = self.portal.partner_id.with_user(self.portal)
        partner.sudo().write({"name": "By portal"})
        self.complete()
        self.assertEqual(self.new_events().actor_id, self.portal)

    def test_a_rule_of_ones_own_publishes_for_who_may_not_write_the_record(self):
        self.new_rule()
        self.env["integration.event"]._capture(self.event_type.id, self.env["res.partner"])
        bank = self.env["res.bank"].with_user(self.portal).sudo().create({"name": "Rule bank"})
        self.complete()
        self.assertEqual(self.events_of(self.bank_type).mapped("res_id"), [bank.id])

    def test_a_rule_that_also_does_something_else_publishes_and_does_it(self):
        self.new_rule(
            [
                Command.create(
                    {
                        "name": "Set BIC",
                        "state": "object_write",
                        "update_path": "bic",
                        "value": "TESTBEBB",
                        "model_id": self.env["ir.model"]._get_id("res.bank"),
                    }
                )
            ]
        )
        bank = self.env["res.bank"].create({"name": "Rule bank"})
        self.complete()
        self.assertEqual(bank.bic, "TESTBEBB")
        self.assertEqual(self.payload_of(self.events_of(self.bank_type))["bic"], "TESTBEBB")

    def test_an_rpc_caller_cannot_claim_to_be_a_rule(self):
        self.new_rule()
        partner_action = self.event_type.automation_id.action_server_ids
        user = new_test_user(self.env, "capture_nobody", groups="base.group_user")
        company_partner = self.env.company.partner_id
        with self.assertRaises(AccessError):
            partner_action.with_user(user).with_context(
                integration_event_rule="RULE_TOKEN", active_model="res.partner", active_id=company_partner.id
            ).run()

    def test_who_may_write_a_record_publishes_it_by_hand(self):
        partner = self.env["res.partner"].create({"name": "By hand"})
        self.complete()
        self.before |= self.new_events()
        self.event_type.automation_id.action_server_ids.with_user(self.staff).with_context(
            active_model="res.partner", active_ids=partner.ids
        ).run()
        self.complete()
        self.assertEqual(self.new_events().res_id, partner.id)

    def new_rule(self, more_actions=()):
        """Make a rule of a user's own on banks, with an event type that has an inactive rule itself."""
        self.bank_type = self.new_event_type("res.bank", paths=("name", "bic"))
        self.bank_type.automation_id.sudo().active = False
        model_id = self.env["ir.model"]._get_id("res.bank")
        return self.env["base.automation"].create(
            {
                "name": "Own rule",
                "model_id": model_id,
                "trigger": "on_create_or_write",
                "action_server_ids": [
                    *more_actions,
                    Command.create(
                        {
                            "name": "Publish",
                            "state": "integration_event",
                            "model_id": model_id,
                            "integration_event_type_id": self.bank_type.id,
                        }
                    ),
                ],
            }
        )
