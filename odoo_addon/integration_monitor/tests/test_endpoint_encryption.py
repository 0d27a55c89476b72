"""Secrets in the database: encrypted, bound to their place, moved to a new key, refused without one."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..endpoint.secret_box import SecretUnreadable, is_sealed
from ..models.integration_endpoint_secret import ALLOW_PLAIN_PARAMETER
from .common import CaptureCase
from .secret_case import new_key, server_key

RESEAL_LOG = "odoo.addons.integration_monitor.models.integration_endpoint_reseal"
SETTINGS_LOG = "odoo.addons.integration_monitor.models.integration_endpoint_settings"


@tagged("post_install", "-at_install")
class TestEndpointEncryption(CaptureCase):
    def setUp(self):
        super().setUp()
        # With other keys, the endpoints a database came with are reported as unreadable.
        self.enterContext(mute_logger(RESEAL_LOG, SETTINGS_LOG))

    def columns(self, endpoint):
        """What a dump of the database would show."""
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL("SELECT auth_secret, signing_secret FROM integration_endpoint WHERE id = %s", endpoint.id)
        )
        return row

    def set_columns(self, endpoint, **values):
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE integration_endpoint SET %s = %s WHERE id = %s",
                    SQL.identifier(name),
                    value,
                    endpoint.id,
                )
            )
        self.env.invalidate_all()

    def export(self, endpoint):
        [settings] = [line for line in endpoint._export_for_sidecar() if line["id"] == endpoint.id]
        return settings

    def test_the_database_holds_no_secret_in_the_clear(self):
        with server_key(new_key()):
            endpoint = self.new_endpoint(auth_kind="bearer", auth_secret_input="t0ken")
            for column in self.columns(endpoint):
                self.assertTrue(is_sealed(column))
            self.assertEqual(endpoint._read_secret("auth_secret"), "t0ken")
            self.assertEqual(self.export(endpoint)["auth"]["secret"], "t0ken")

    def test_a_new_key_takes_over_and_the_old_one_can_go(self):
        old, new = new_key(), new_key()
        with server_key(old):
            endpoint = self.new_endpoint(auth_kind="bearer", auth_secret_input="t0ken")
            signing_secret = endpoint._read_secret("signing_secret")
        with server_key(new, old):
            self.assertEqual(endpoint._read_secret("auth_secret"), "t0ken")
            self.env["integration.endpoint"]._cron_tend_secrets()
        with server_key(new):
            self.assertEqual(endpoint._read_secret("auth_secret"), "t0ken")
            self.assertEqual(endpoint._read_secret("signing_secret"), signing_secret)

    def test_secrets_of_an_older_version_are_encrypted_by_the_update(self):
        endpoint = self.new_endpoint()
        self.set_columns(endpoint, auth_secret="from before", signing_secret="whsec_before")
        self.assertEqual(endpoint._read_secret("auth_secret"), "from before")
        with server_key(new_key()):
            endpoint.init()
            for column in self.columns(endpoint):
                self.assertTrue(is_sealed(column))
            self.assertEqual(endpoint._read_secret("auth_secret"), "from before")
            self.assertEqual(endpoint._read_secret("signing_secret"), "whsec_before")

    def test_archived_endpoints_are_encrypted_as_well(self):
        endpoint = self.new_endpoint()
        self.set_columns(endpoint, auth_secret="from before")
        endpoint.active = False
        with server_key(new_key()):
            self.env["integration.endpoint"]._reseal_secrets()
            self.assertTrue(is_sealed(self.columns(endpoint)[0]))

    def test_without_a_key_no_secret_is_stored(self):
        with server_key():
            endpoint = self.new_endpoint(activate=False)
            self.assertFalse(endpoint.has_signing_secret)
            self.assertIn("IM_SECRET_KEY_MISSING", endpoint.secret_key_problem)
            for store in (
                lambda: endpoint.write({"auth_secret_input": "t0ken"}),
                endpoint.action_generate_signing_secret,
                endpoint.action_generate_signing_key,
                endpoint.action_activate,
            ):
                with self.assertRaisesRegex(UserError, "IM_SECRET_KEY_MISSING"), self.env.cr.savepoint():
                    store()
            self.assertEqual(self.columns(endpoint), (None, None))

    def test_without_a_key_only_an_explicit_permission_stores_in_the_clear(self):
        self.env["ir.config_parameter"].set_param(ALLOW_PLAIN_PARAMETER, "True")
        with server_key():
            endpoint = self.new_endpoint(auth_kind="bearer", auth_secret_input="t0ken")
            self.assertFalse(endpoint.secret_key_problem)
            self.assertEqual(self.columns(endpoint)[0], "t0ken")
            self.assertEqual(self.export(endpoint)["auth"]["secret"], "t0ken")
        with server_key(new_key()):
            endpoint.auth_secret_input = "t0ken"
            self.assertTrue(is_sealed(self.columns(endpoint)[0]), "a key comes before the permission")

    def test_without_a_key_what_is_stored_in_the_clear_is_warned_of(self):
        endpoint = self.new_endpoint()
        self.set_columns(endpoint, auth_secret="from before")
        with server_key(), self.assertLogs(RESEAL_LOG, "WARNING") as log:
            self.env["integration.endpoint"]._cron_tend_secrets()
        self.assertIn("IM_SECRET_KEY_MISSING", str(log.output))
        self.assertNotIn("from before", str(log.output))

    def test_an_unusable_key_is_named_but_not_shown(self):
        with server_key("hunter2"):
            problem = self.new_endpoint(activate=False).secret_key_problem
        self.assertIn("IM_SECRET_KEY_INVALID", problem)
        self.assertNotIn("hunter2", problem)

    def test_a_lost_key_stops_the_endpoint_and_only_this_one(self):
        mine, lost = new_key(), new_key()
        with server_key(lost):
            locked = self.new_endpoint(name="Locked")
        with server_key(mine):
            healthy = self.new_endpoint(name="Healthy")
            settings = self.export(locked)
            self.assertEqual((settings["state"], settings["signing_secrets"]), ("stopped", []))
            self.assertIn("IM_SECRET_UNREADABLE", locked.state_reason)
            self.assertEqual(self.export(healthy)["state"], "active")
        with server_key(mine, lost):
            locked.action_resume()
            self.assertEqual(self.export(locked)["state"], "active")

    def test_with_a_lost_key_secrets_can_be_entered_again(self):
        with server_key(new_key()):
            endpoint = self.new_endpoint(auth_kind="bearer", auth_secret_input="t0ken")
        with server_key(new_key()):
            self.export(endpoint)
            endpoint.auth_secret_input = "t0ken"
            endpoint.action_generate_signing_secret()
            endpoint.action_resume()
            self.assertEqual(self.export(endpoint)["state"], "active")

    def test_a_sealed_secret_copied_to_another_endpoint_is_refused_there(self):
        with server_key(new_key()):
            rich = self.new_endpoint(auth_kind="bearer", auth_secret_input="t0ken")
            thief = self.new_endpoint(name="Thief")
            self.set_columns(thief, auth_secret=self.columns(rich)[0])
            with self.assertRaises(SecretUnreadable):
                thief._read_secret("auth_secret")

    def test_only_managers_start_the_renewal_by_hand(self):
        operator = new_test_user(self.env, "reseal_operator", groups="integration_monitor.group_operator")
        settings = self.env["res.config.settings"].create({})
        with self.assertRaises(AccessError):
            settings.with_user(operator).sudo().action_integration_reseal_secrets()
        endpoint = self.new_endpoint()
        self.set_columns(endpoint, auth_secret="from before")
        with server_key(new_key()):
            self.assertGreaterEqual(
                self.env["res.config.settings"].create({}).integration_plain_secret_count, 1
            )
            settings.with_user(self.env.ref("base.user_admin")).action_integration_reseal_secrets()
            self.assertTrue(is_sealed(self.columns(endpoint)[0]))
