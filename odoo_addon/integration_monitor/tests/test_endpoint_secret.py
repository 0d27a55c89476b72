"""Secrets go in and never come out again, except to the sidecar."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..endpoint.signing_secret import is_signing_secret
from ..models.integration_endpoint_secret import SECRET_FIELDS
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEndpointSecret(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.endpoint = cls.new_endpoint(auth_kind="bearer", auth_secret_input="t0ken").with_user(cls.admin)

    def test_every_endpoint_has_a_signing_secret_from_the_start(self):
        self.assertTrue(is_signing_secret(self.endpoint._read_secret("signing_secret")))
        self.assertTrue(self.endpoint.has_signing_secret)

    def test_not_even_an_administrator_reads_a_secret(self):
        self.assertTrue(self.admin.has_group("base.group_system"))
        for name in SECRET_FIELDS:
            with self.assertRaises(AccessError, msg=name):
                self.endpoint.read([name])
            with self.assertRaises(AccessError, msg=name):
                self.endpoint.search([(name, "like", "t")])
            with self.assertRaises(AccessError, msg=name):
                self.endpoint.export_data([name])
            with self.assertRaises(AccessError, msg=name):
                self.endpoint.write({name: "x"})
        self.assertNotIn("t0ken", str(self.endpoint.read()))
        self.assertNotIn("whsec_", str(self.endpoint.read()))

    def test_what_was_typed_in_is_not_shown_again(self):
        self.endpoint.auth_secret_input = "another"
        self.assertFalse(self.endpoint.auth_secret_input)
        self.assertTrue(self.endpoint.has_auth_secret)
        self.assertEqual(self.endpoint._read_secret("auth_secret"), "another")

    def test_an_untouched_input_keeps_the_secret(self):
        self.endpoint.write({"auth_secret_input": False, "signing_secret_input": False})
        self.assertEqual(self.endpoint._read_secret("auth_secret"), "t0ken")
        self.assertTrue(self.endpoint.has_signing_secret)

    def test_a_signing_secret_that_is_too_weak_is_refused(self):
        for weak in ("hunter2", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64!"):
            with self.assertRaises(ValidationError, msg=weak):
                self.endpoint.signing_secret_input = weak

    def test_a_generated_secret_is_revealed_once(self):
        before = self.endpoint._read_secret("signing_secret")
        action = self.endpoint.action_generate_signing_secret()
        secret = action["params"]["message"]
        self.assertNotEqual(secret, before)
        self.assertEqual(secret, self.endpoint._read_secret("signing_secret"))
        self.assertNotIn(secret, str(self.endpoint.read()))

    def test_secrets_leave_no_trace_in_the_chatter(self):
        self.env.cr.flush()
        self.endpoint.write({"auth_secret_input": "traceme", "name": "Renamed"})
        self.env.cr.flush()
        self.endpoint.invalidate_recordset(["message_ids"])
        messages = self.endpoint.message_ids
        tracked = self.env["mail.tracking.value"].search([("mail_message_id", "in", messages.ids)])
        self.assertTrue(tracked, "the new name is tracked")
        self.assertNotIn("traceme", str(tracked.read()) + str(messages.read(["body"])))
