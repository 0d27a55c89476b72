"""Who may listen to the hints on the bus."""

from unittest.mock import Mock, patch

from odoo.addons.bus.models import ir_websocket
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase

MONITOR = "integration_monitor.monitor"


@tagged("post_install", "-at_install")
class TestRightsBus(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, "test_employee", groups="base.group_user")
        cls.portal = new_test_user(cls.env, "test_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user")

    def accepted(self, user, *channels):
        """The channels of ``channels`` that ``user`` gets when he asks for them."""
        session = Mock(uid=False if user == self.public else user.id)
        with (
            patch.object(ir_websocket, "request", None),
            patch.object(ir_websocket, "wsrequest", Mock(session=session)),
        ):
            data = self.env["ir.websocket"].with_user(user)._prepare_subscribe_data(list(channels), 0)
        return [channel for channel in channels if channel in data["channels"]]

    def channel_of(self, record):
        return f"integration_monitor.document_{record._name}_{record.id}"

    def test_a_user_listens_to_documents_he_can_read(self):
        channel = self.channel_of(self.partner)
        self.assertEqual(self.accepted(self.employee, channel), [channel])

    def test_a_user_does_not_listen_to_documents_he_cannot_read(self):
        channel = self.channel_of(self.partner)
        self.assertEqual(self.accepted(self.portal, channel), [])
        self.assertEqual(self.accepted(self.public, channel), [])
        self.env["ir.rule"].create(
            {
                "name": "Test: hide one contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        self.assertEqual(self.accepted(self.employee, channel), [])

    def test_who_listens_to_a_document_also_hears_of_many_documents_at_once(self):
        crowd = "integration_monitor.documents_res.partner"
        self.assertEqual(self.accepted(self.employee, self.channel_of(self.partner), crowd)[-1], crowd)
        self.assertEqual(self.accepted(self.employee, crowd), [])
        self.assertEqual(self.accepted(self.portal, self.channel_of(self.partner), crowd), [])

    def test_malformed_document_channels_are_refused(self):
        prefix = "integration_monitor.document_"
        channels = [
            prefix,
            f"{prefix}res.partner",
            f"{prefix}res.partner_x",
            f"{prefix}no.such.model_1",
            f"{prefix}res.partner_-1",
            f"{prefix}res.partner_0",
            f"{prefix}res.partner_{10**9 * 9}",
            f"{prefix}res.partner_2147483647",
            f"{prefix}integration.document.mixin_1",
            f"{prefix}res.config.settings_1",
            f"{prefix}res.partner_{self.partner.id}\n",
        ]
        self.assertEqual(self.accepted(self.env.ref("base.user_admin"), *channels), [])

    def test_only_internal_users_listen_to_the_monitor(self):
        self.assertEqual(self.accepted(self.employee, MONITOR), [MONITOR])
        self.assertEqual(self.accepted(self.portal, MONITOR), [])
        self.assertEqual(self.accepted(self.public, MONITOR), [])

    def test_the_sidecar_listens_without_a_session(self):
        channel = self.env["integration.bus"]._wake_channel()
        self.assertEqual(self.accepted(self.public, channel), [channel])

    def test_channels_of_others_are_left_alone(self):
        self.assertEqual(self.accepted(self.public, "something.else"), ["something.else"])
