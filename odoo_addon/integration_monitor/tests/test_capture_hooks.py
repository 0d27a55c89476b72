"""What is watched stays watched, however rules come, change, go and come back."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models.base_automation import BaseAutomation
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestCaptureHooks(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type("res.partner.industry")
        cls.industries = cls.env["res.partner.industry"]

    def save(self, event_type=None):
        """Save a record in a transaction of its own; return how many events that was."""
        event_type = event_type or self.event_type
        before = self.events_of(event_type)
        self.industries.create({"name": "Saved"})
        self.complete()
        return len(self.events_of(event_type) - before)

    def test_an_event_type_from_a_spreadsheet_captures_at_once(self):
        result = (
            self.env["integration.event.type"]
            .with_context(import_file=True)
            .load(
                ["name", "technical_name", "model_id/.id", "trigger"],
                [["Loaded", "test.loaded.v1", str(self.env["ir.model"]._get_id("res.lang")), "on_write"]],
            )
        )
        self.assertFalse(result["messages"])
        event_type = self.env["integration.event.type"].browse(result["ids"])
        self.env["res.lang"].search([], limit=1).date_format = "%Y/%m/%d"
        self.complete()
        self.assertEqual(len(self.events_of(event_type)), 1)

    def test_other_threads_capture_while_the_last_rule_of_a_model_is_archived(self):
        plan = self.env["integration.capture.revision"]._find_plan()
        self.event_type.active = False
        # The other thread's transaction does not see the change yet.
        revisions = type(self.env["integration.capture.revision"])
        with patch.object(revisions, "_find_plan", lambda revision: plan):
            self.assertEqual(self.save(), 1)

    def test_other_threads_capture_while_the_registry_takes_its_hooks_off(self):
        self.env["base.automation"]._unregister_hook()
        self.addCleanup(self.env["base.automation"]._register_hook)
        self.assertEqual(self.save(), 1)

    def test_other_threads_capture_at_every_step_of_a_rule_change(self):
        found = []
        setter = BaseAutomation._register_hook

        def register(rules):
            found.append(self.save())
            setter(rules)
            found.append(self.save())

        with patch.object(BaseAutomation, "_register_hook", register):
            self.new_event_type("res.bank")
        self.assertEqual(found, [1, 1])

    def test_a_record_causes_one_event_however_often_rules_changed(self):
        for trigger in ("on_create", "on_write", "on_create_or_write"):
            self.event_type.trigger = trigger
        self.assertEqual(self.save(), 1)
        chain, method = [], type(self.industries).create
        while method is not None:
            chain.append(method)
            method = getattr(method, "origin", None)
        self.assertLessEqual(len(chain), 3)  # Odoo's hook, ours, the method

    def test_another_name_leaves_the_hooks_of_odoo_alone(self):
        method = type(self.industries).create
        self.event_type.name = "Renamed"
        self.assertIs(type(self.industries).create, method)
        self.assertIn("Renamed", self.event_type.automation_id.name)

    def test_a_rule_that_also_does_something_else_is_hooked_again_after_its_savepoint_was_undone(self):
        rule = self.event_type.automation_id
        savepoint = self.env.cr.savepoint()
        rule.active = False
        savepoint.close(rollback=True)
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        self.assertEqual(type(self.industries).create.origin.origin, self.find_method("create"))

    def find_method(self, name):
        return getattr(super(type(self.industries), type(self.industries)), name)
