"""Wizards belong to who opened them: nobody else reads, changes or uses one."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .bulk_case import BulkCase


@tagged("post_install", "-at_install")
class TestRightsWizards(BulkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, "wizard_employee", groups="base.group_user", email=False)
        cls.second_operator = new_test_user(
            cls.env, "wizard_operator", groups="integration_monitor.group_operator", email=False
        )
        cls.failed = cls.deliver_to(state="failed")
        cls.operation = (
            cls.env["integration.bulk.operation"]
            .with_user(cls.operator)
            ._prepare("cancel", [("id", "=", cls.failed.id)])
        )

    def open_wizards(self):
        """One of each kind, opened by the operator."""
        values_by_model = {
            "integration.bulk.wizard": {"operation_id": self.operation.id},
            "integration.delivery.cancel.wizard": {"delivery_ids": self.failed.ids, "reason": "Not needed"},
            "integration.explain.wizard": {"delivery_id": self.failed.id},
            "integration.parked.message.wizard": {"message_ids": [], "note": "Looked at"},
        }
        for model, values in values_by_model.items():
            yield self.env[model].with_user(self.operator).create(values)

    def test_somebody_else_neither_finds_nor_reads_nor_changes_nor_uses_an_open_wizard(self):
        for wizard in self.open_wizards():
            self.assertEqual(wizard.search([]), wizard, "one's own")
            actions = {"integration.bulk.wizard": "action_start", "integration.explain.wizard": "read"}
            action = actions.get(wizard._name, "action_confirm")
            for user in (self.employee, self.second_operator):
                theirs = wizard.with_user(user)
                if not theirs.has_access("create"):
                    continue
                self.env.invalidate_all()
                self.assertFalse(theirs.search([]))
                for use in (
                    lambda theirs=theirs: theirs.read(["create_uid"]),
                    lambda theirs=theirs: theirs.write({}),
                    lambda theirs=theirs, action=action: getattr(theirs, action)(),
                ):
                    with self.subTest(model=wizard._name, user=user.login), self.assertRaises(AccessError):
                        use()
        self.assertEqual(self.failed.state, "failed")

    def test_an_open_wizard_is_not_given_another_content_by_somebody_else(self):
        wizard = next(self.open_wizards())
        for values in ({"operation_id": False}, {"reason": "Mine"}, {"endpoint_id": self.endpoint.id}):
            with self.assertRaises(AccessError):
                wizard.with_user(self.employee).write(values)
        self.assertEqual(wizard.operation_id, self.operation)

    def test_a_wizard_does_not_show_the_operation_of_somebody_else(self):
        wizards = self.env["integration.bulk.wizard"].with_user(self.employee)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            wizards.create({"operation_id": self.operation.id}).read(["preview", "total_count", "kind"])
        with self.assertRaises(AccessError):
            wizards.new({"operation_id": self.operation.id}).preview  # noqa: B018 - reading is what is tested
        with self.assertRaises(AccessError):
            wizards.create({"operation_id": self.operation.id, "reason": "Mine"}).action_start()
        self.assertEqual(self.operation.state, "draft")
