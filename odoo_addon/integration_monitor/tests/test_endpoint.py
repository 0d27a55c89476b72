"""Who may run an endpoint, where it may be run, and what the sidecar gets to know of it."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEndpoint(CaptureCase):
    def export(self, endpoint):
        [settings] = [line for line in endpoint._export_for_sidecar() if line["id"] == endpoint.id]
        return settings

    def test_an_endpoint_lives_from_draft_to_archive(self):
        endpoint = self.new_endpoint(activate=False)
        self.assertEqual((endpoint.state, endpoint.health), ("draft", "draft"))
        endpoint.action_activate()
        self.assertEqual((endpoint.state, endpoint.health), ("active", "ok"))
        endpoint.action_pause()
        self.assertEqual((endpoint.state, endpoint.health), ("paused", "stopped"))
        self.assertIn(self.env.user.name, endpoint.state_reason)
        endpoint.action_resume()
        self.assertEqual((endpoint.state, endpoint.state_reason), ("active", False))

    def test_an_endpoint_without_url_is_not_activated(self):
        with self.assertRaisesRegex(UserError, "Enter the URL"):
            self.new_endpoint(url=False)

    def test_only_managers_run_endpoints(self):
        endpoint = self.new_endpoint()
        operator = new_test_user(self.env, "endpoint_operator", groups="integration_monitor.group_operator")
        for action in (
            "action_activate",
            "action_pause",
            "action_resume",
            "action_generate_signing_secret",
            "action_generate_signing_key",
            "action_remove_signing_key",
            "action_end_signing_overlap",
        ):
            with self.assertRaises(UserError, msg=action):
                getattr(endpoint.with_user(operator), action)()
        manager = new_test_user(self.env, "endpoint_manager", groups="integration_monitor.group_manager")
        endpoint.with_user(manager).action_pause()
        self.assertEqual(endpoint.state, "paused")

    def test_who_may_not_run_endpoints_sees_no_button_for_it(self):
        for group, sees in (("group_operator", False), ("group_manager", True)):
            user = new_test_user(self.env, f"button_{group}", groups=f"integration_monitor.{group}")
            arch = self.env["integration.endpoint"].with_user(user).get_view(view_type="form")["arch"]
            for method in (
                "action_activate",
                "action_pause",
                "action_resume",
                "action_generate_signing_secret",
            ):
                self.assertEqual(f'name="{method}"' in arch, sees, method)

    def test_in_a_copy_of_the_database_an_endpoint_is_fenced_until_activated_there(self):
        endpoint = self.new_endpoint()
        self.assertFalse(endpoint.is_fenced)
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        endpoint.invalidate_recordset()
        self.assertTrue(endpoint.is_fenced)
        self.assertEqual(self.export(endpoint)["state"], "fenced")
        with self.assertRaisesRegex(UserError, "not activated in this database"):
            endpoint.action_resume()
        endpoint.action_activate()
        self.assertFalse(endpoint.is_fenced)
        self.assertEqual(self.export(endpoint)["state"], "active")

    def test_setting_the_state_by_hand_does_not_pass_the_fence(self):
        endpoint = self.new_endpoint(activate=False)
        endpoint.state = "active"
        self.assertTrue(endpoint.is_fenced)

    def test_a_copied_endpoint_is_a_draft_with_secrets_of_its_own(self):
        endpoint = self.new_endpoint(auth_kind="bearer", auth_secret_input="token")
        copy = endpoint.copy()
        self.assertEqual((copy.state, copy.environment_uuid), ("draft", False))
        self.assertFalse(copy.has_auth_secret)
        self.assertNotEqual(copy._read_secret("signing_secret"), endpoint._read_secret("signing_secret"))

    def test_the_sidecar_gets_all_settings_and_no_nulls(self):
        endpoint = self.new_endpoint(
            auth_kind="basic",
            auth_username="odoo",
            auth_secret_input="s3cret",
            allowed_addresses="10.0.0.0/8\nlab.example.org",
            timeout_s=20,
        )
        settings = self.export(endpoint)
        self.assertEqual(settings.pop("signing_secrets"), [endpoint._read_secret("signing_secret")])
        self.assertEqual(
            settings,
            {
                "id": endpoint.id,
                "name": "Test endpoint",
                "state": "active",
                "kind": "http",
                "url": "https://receiver.example.org/hooks",
                "amqp": False,
                "auth": {
                    "kind": "basic",
                    "header_name": False,
                    "username": "odoo",
                    "secret": "s3cret",
                    "oauth": False,
                },
                "tls": {"ca": False, "certificate": False, "key": False},
                "timeout_ms": 20000,
                "concurrency": 4,
                "window": 50,
                "max_attempts": 14,
                "retry_base_s": 30,
                "retry_cap_s": 21600,
                "retry_after_max_s": 3600,
                "allowed_addresses": ["10.0.0.0/8", "lab.example.org"],
            },
        )

    def test_every_change_the_sidecar_must_know_raises_the_revision(self):
        endpoint = self.new_endpoint()
        for change in (
            lambda: endpoint.write({"url": "https://other.example.org/"}),
            lambda: endpoint.write({"auth_secret_input": "new"}),
            endpoint.action_generate_signing_secret,
            endpoint.action_generate_signing_key,
            endpoint.action_end_signing_overlap,
            endpoint.action_remove_signing_key,
            lambda: endpoint.write({"oauth_scope": "claims.write"}),
            endpoint.action_pause,
            lambda: self.new_endpoint(name="Another", activate=False),
            lambda: self.new_endpoint(name="Gone", activate=False).unlink(),
        ):
            before = self.env["integration.endpoint"]._current_revision()
            change()
            self.assertGreater(self.env["integration.endpoint"]._current_revision(), before)

    def test_the_revision_is_raised_again_after_the_commit(self):
        self.new_endpoint()
        before = self.env["integration.endpoint"]._current_revision()
        self.env.cr.postcommit.run()
        self.assertGreater(self.env["integration.endpoint"]._current_revision(), before)

    def test_other_changes_leave_the_revision_alone(self):
        endpoint = self.new_endpoint()
        before = self.env["integration.endpoint"]._current_revision()
        endpoint.owner_id = False
        self.assertEqual(self.env["integration.endpoint"]._current_revision(), before)

    def test_counts_and_health_come_from_the_deliveries(self):
        event_type, endpoint = self.new_event_type(), self.new_endpoint()
        self.subscribe(endpoint, event_type)
        self.env["res.partner"].create([{"name": "Ada"}, {"name": "Grace"}])
        self.complete()
        endpoint.invalidate_recordset()
        self.assertEqual((endpoint.pending_count, endpoint.failed_count), (2, 0))
        self.assertEqual(endpoint.health, "waiting")
        self.events_of(event_type)[0].delivery_ids.write({"state": "failed"})
        endpoint.invalidate_recordset()
        self.assertEqual((endpoint.pending_count, endpoint.failed_count), (1, 1))
        self.assertEqual(endpoint.health, "failing")
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            endpoint.unlink()

    def test_counts_and_health_know_the_deliveries_of_ones_companies_only(self):
        other = self.env["res.company"].create({"name": "Other company"})
        event_type, endpoint = self.new_event_type(), self.new_endpoint()
        self.subscribe(endpoint, event_type)
        self.env["res.partner"].create({"name": "Ada", "company_id": other.id})
        self.complete()
        self.events_of(event_type).delivery_ids.state = "failed"
        viewer = new_test_user(self.env, "endpoint_viewer", groups="integration_monitor.group_user")
        seen = endpoint.with_user(viewer).with_context(allowed_company_ids=viewer.company_ids.ids)
        self.assertEqual(seen.failed_count, 0)
        self.assertNotEqual(seen.health, "failing")
        both = endpoint.with_context(allowed_company_ids=[self.env.company.id, other.id])
        self.assertEqual(both.failed_count, 1)

    def test_an_endpoint_that_lacks_a_secret_is_not_activated(self):
        endpoint = self.new_endpoint(activate=False, auth_kind="bearer")
        with self.assertRaisesRegex(UserError, "password or token"):
            endpoint.action_activate()
        endpoint.auth_secret_input = "t0ken"
        endpoint.action_activate()
        # As after neutralising a copy
        endpoint.sudo().write({"state": "draft", "signing_secret": False})
        with self.assertRaisesRegex(UserError, "signing secret"):
            endpoint.action_activate()

    def test_limits_out_of_range_are_refused(self):
        for values in ({"timeout_s": 0}, {"window": 0}, {"max_attempts": 0}, {"retry_cap_s": 1}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation, msg=values),
                self.env.cr.savepoint(),
            ):
                self.new_endpoint(**values)
