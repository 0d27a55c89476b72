"""Comments on a case: by whoever sees it, seen by whoever sees it, and gone with it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestCaseComment(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "im_clerk",
            groups="base.group_user,base.group_partner_manager",
            email="c@example.org",
        )
        cls.employee = new_test_user(cls.env, "im_employee", groups="base.group_user", email="e@example.org")
        cls.delivery = cls.deliver_to(state="failed", failure_class="contract")

    def comments(self):
        return self.env["mail.message"].search(
            [("model", "=", "integration.delivery"), ("res_id", "=", self.delivery.id)]
        )

    def test_whoever_sees_a_case_comments_on_it(self):
        self.assertFalse(self.comments())
        message = self.delivery.with_user(self.clerk).message_post(body="Called them")
        self.assertEqual(self.comments(), message.with_env(self.env))
        self.assertEqual(self.delivery.state, "failed")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_does_not_see_a_case_neither_comments_on_it_nor_reads_its_comments(self):
        message = self.delivery.with_user(self.clerk).message_post(body="Called them")
        with self.assertRaises(AccessError):
            self.delivery.with_user(self.employee).message_post(body="Me too")
        mine = self.env["mail.message"].with_user(self.employee)
        self.assertFalse(mine.search([("id", "=", message.id)]))
        with self.assertRaises(AccessError):
            message.with_user(self.employee).read(["body"])

    def test_comments_go_with_a_delivery_that_is_purged(self):
        self.delivery.with_user(self.clerk).message_post(
            body="Called them", attachments=[("answer.txt", b"we are looking")]
        )
        self.delivery.message_subscribe(self.clerk.partner_id.ids)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "integration.delivery"), ("res_id", "=", self.delivery.id)]
        )
        self.assertTrue(files)
        old = fields.Datetime.now() - timedelta(days=400)
        self.delivery.write({"state": "cancelled", "state_changed_at": old})
        self.env["integration.delivery"]._purge_deliveries(fields.Datetime.now() - timedelta(days=90))
        self.assertFalse(self.delivery.exists())
        self.assertFalse(self.comments())
        self.assertFalse(files.exists())
        followers = self.env["mail.followers"].search(
            [("res_model", "=", "integration.delivery"), ("res_id", "=", self.delivery.id)]
        )
        self.assertFalse(followers)
