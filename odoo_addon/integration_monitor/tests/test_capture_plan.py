"""The plan of what is captured is always that of the configuration the transaction sees."""

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestCapturePlan(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type("res.bank", paths=("name",))
        cls.endpoint = cls.new_endpoint()
        cls.subscription = cls.subscribe(cls.endpoint, cls.event_type)
        cls.bank = cls.env["res.bank"].create({"name": "Bank"})
        cls.complete()

    def change(self, **values):
        """Change the bank in a transaction of its own; return its new events."""
        before = self.events_of(self.event_type)
        self.bank.write(values or {"name": f"{self.bank.name}."})
        self.complete()
        return self.events_of(self.event_type) - before

    def find_plan(self):
        return self.env["integration.capture.revision"]._find_plan()

    def test_every_part_of_the_configuration_makes_another_plan(self):
        for part, values in (
            (self.event_type, {"name": "Renamed"}),
            (self.event_type.field_ids, {"path": "bic"}),
            (self.subscription, {"latency_class": "batch"}),
            (self.endpoint, {"url": "https://other.example.org/hooks"}),
            (self.event_type.automation_id.sudo(), {"filter_domain": "[('name', '!=', 'x')]"}),
            (self.event_type.automation_id.sudo().action_server_ids, {"state": "integration_event"}),
        ):
            plan = self.find_plan()
            part.write(values)
            self.assertIsNot(self.find_plan(), plan, part._name)

    def test_an_action_made_in_the_form_of_its_rule_makes_another_plan(self):
        plan = self.find_plan()
        self.env["ir.actions.server"].with_context(
            default_base_automation_id=self.event_type.automation_id.id
        ).create({"name": "Other", "model_id": self.event_type.model_id.id, "state": "code", "code": "pass"})
        self.assertIsNot(self.find_plan(), plan)

    def test_changes_of_custom_fields_make_another_plan(self):
        plans = [self.find_plan()]
        field = self.env["ir.model.fields"].create(
            {"name": "x_plan", "model_id": self.event_type.model_id.id, "ttype": "char"}
        )
        plans.append(self.find_plan())
        field.field_description = "Other"
        plans.append(self.find_plan())
        field.unlink()
        plans.append(self.find_plan())
        self.assertEqual(len({id(plan) for plan in plans}), 4)

    def test_what_decides_nothing_keeps_the_plan(self):
        plan = self.find_plan()
        self.endpoint.timeout_s = 5
        self.event_type.automation_id.sudo().last_run = "2026-01-01 00:00:00"
        self.env["ir.actions.server"].create(
            {"name": "Other", "model_id": self.event_type.model_id.id, "state": "code", "code": "pass"}
        )
        self.assertIs(self.find_plan(), plan)

    def test_a_change_counts_at_once_and_ends_with_its_savepoint(self):
        savepoint = self.env.cr.savepoint()
        self.subscription.active = False
        self.assertFalse(self.change().delivery_ids)
        savepoint.close(rollback=True)
        self.assertEqual(len(self.change().delivery_ids), 1)

    def test_an_archived_event_type_records_nothing_until_it_is_back(self):
        self.event_type.active = False
        self.assertFalse(self.change())
        self.event_type.active = True
        self.assertTrue(self.change())

    def test_a_deleted_subscription_gets_nothing(self):
        self.subscription.unlink()
        self.assertFalse(self.change().delivery_ids)

    def test_another_transaction_keeps_its_plan_until_it_sees_the_change(self):
        plan = self.find_plan()
        self.subscription.active = False
        self.env.flush_all()
        with self.registry.cursor() as cr:
            other = api.Environment(cr, SUPERUSER_ID, {})["integration.capture.revision"]
            self.assertNotEqual(other.browse(1).number, self.revision_number())
        self.assertIsNot(self.find_plan(), plan)

    def revision_number(self):
        return self.env["integration.capture.revision"].browse(1).number

    def test_a_rule_that_gets_its_publishing_action_later_publishes(self):
        self.event_type.automation_id.sudo().active = False
        rule = self.env["base.automation"].create(
            {
                "name": "Own rule",
                "model_id": self.event_type.model_id.id,
                "trigger": "on_create_or_write",
                "action_server_ids": [self.new_action("code", code="pass")],
            }
        )
        self.assertFalse(self.change())
        rule.action_server_ids = [
            Command.clear(),
            self.new_action("integration_event", integration_event_type_id=self.event_type.id),
        ]
        self.assertEqual(len(self.change()), 1)

    def new_action(self, state, **values):
        return Command.create(
            {"name": "Action", "state": state, "model_id": self.event_type.model_id.id, **values}
        )

    def test_a_rule_with_an_expression_as_condition_is_evaluated_as_by_odoo(self):
        self.event_type.automation_id.sudo().filter_domain = "[('name', '=', 'B' + 'ic')]"
        self.event_type.automation_id.sudo().filter_pre_domain = "[('create_uid', '!=', uid + 1000)]"
        self.assertFalse(self.change(name="Other"))
        self.assertEqual(len(self.change(name="Bic")), 1)


@tagged("post_install", "-at_install")
class TestWatchedFields(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        field = cls.env["ir.model.fields"]._get("res.bank", "bic")
        cls.event_type = cls.new_event_type("res.bank", trigger_field_ids=[Command.set(field.ids)])
        cls.bank = cls.env["res.bank"].create({"name": "Bank", "bic": "ONE"})
        cls.complete()

    def change(self, **values):
        before = self.events_of(self.event_type)
        self.bank.write(values)
        self.complete()
        return self.events_of(self.event_type) - before

    def test_a_change_of_a_watched_field_is_an_event(self):
        self.assertEqual(len(self.change(bic="TWO", name="New")), 1)

    def test_writing_a_watched_field_without_changing_it_is_none(self):
        self.assertFalse(self.change(bic="ONE"))

    def test_a_change_of_another_field_is_none_and_costs_one_statement_per_transaction(self):
        def count(**values):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.bank.write(values)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(name="Warm")
        watched = count(name="Other")
        self.patch(type(self.bank), "write", self.innermost_hook(self.bank, "write").origin)
        self.assertLessEqual(watched - count(name="Another"), 1)
