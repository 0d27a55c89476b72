"""A wizard tells nothing of what belongs to somebody else; who uses whose is in rights.csv."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .bulk_case import BulkCase


@tagged("post_install", "-at_install")
class TestRightsWizards(BulkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, "wizard_employee", groups="base.group_user", email=False)
        cls.failed = cls.deliver_to(state="failed")
        cls.operation = (
            cls.env["integration.bulk.operation"]
            .with_user(cls.operator)
            ._prepare("cancel", [("id", "=", cls.failed.id)])
        )

    def test_an_open_wizard_is_not_given_another_content_by_somebody_else(self):
        wizards = self.env["integration.bulk.wizard"].with_user(self.operator)
        wizard = wizards.create({"operation_id": self.operation.id})
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
