"""Uninstalling: what is not settled stops it in plain words, the rest goes without leftovers."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestUninstall(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # About a model of base: the event type goes when that module goes.
        cls.event_type = cls.new_event_type("res.bank")
        cls.endpoint = cls.new_endpoint()
        cls.subscribe(cls.endpoint, cls.event_type)
        cls.bank = cls.env["res.bank"].create({"name": "Uninstalled bank"})
        cls.env["integration.event"]._complete_captured()
        cls.delivery = cls.env["integration.delivery"].search([("event_type_id", "=", cls.event_type.id)])

    def uninstall(self, name):
        """Do our part of what core does when the module goes."""
        self.patch(type(self.env["ir.model.data"]), "_module_data_uninstall", lambda data, names: None)
        self.env["ir.module.module"].search([("name", "=", name)]).module_uninstall()

    def test_open_deliveries_stop_the_uninstallation_until_they_are_settled(self):
        module = self.env.ref("base.module_integration_monitor")
        self.env["integration.delivery"].search([]).write({"state": "delivered"})
        for state in ("pending", "queued", "failed"):
            self.delivery.state = state
            with self.assertRaisesRegex(UserError, "IM_UNINSTALL_REFUSED: 1 deliveries"):
                module.button_uninstall()
        self.delivery.state = "failed"
        self.delivery.action_cancel("We stop using it")
        module.button_uninstall()
        self.assertEqual(module.state, "to remove")

    def test_event_types_go_with_the_module_of_their_model(self):
        rule = self.event_type.automation_id
        event = self.delivery.event_id
        self.uninstall("base")
        self.assertFalse(self.delivery.exists())
        self.assertFalse(event.exists())
        self.assertFalse(self.event_type.exists())
        self.assertFalse(rule.exists())

    def test_event_types_of_other_modules_keep_their_history(self):
        self.uninstall("base_automation")
        self.assertTrue(self.delivery.exists())
        self.assertTrue(self.event_type.automation_id.active)

    def test_event_types_go_with_the_module_that_brought_them(self):
        self.env["ir.model.data"].create(
            {
                "module": "test_bridge",
                "name": "event_type",
                "model": self.event_type._name,
                "res_id": self.event_type.id,
            }
        )
        found = self.env["integration.event.type"]._find_of_modules(["test_bridge"])
        self.assertEqual(found, self.event_type)

    def test_no_rule_of_ours_outlives_the_addon(self):
        self.uninstall("integration_monitor")
        self.assertFalse(
            self.env["base.automation"]
            .with_context(active_test=False)
            .search([("action_server_ids.state", "=", "integration_event")])
        )
        self.assertFalse(
            self.env["base.automation"]
            .with_context(active_test=False)
            .search([("name", "=like", "Integration event: %")])
        )
