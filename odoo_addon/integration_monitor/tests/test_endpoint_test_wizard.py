"""The dialog of a test: what it offers, shows before and after, and says when nothing happens."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, new_test_user, tagged

from ..endpoint.signature_snippets import LANGUAGES
from .common import open_to_others
from .delivery_case import DeliveryCase, build_endpoint, build_event_type, build_outcome

HEAD = (
    "POST https://new.example HTTP/1.1\nwebhook-id: evt_1\nwebhook-timestamp: 1795163514\n"
    "webhook-signature: v1,abc v1a,def"
)


@tagged("post_install", "-at_install")
class TestEndpointTestWizard(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env, "test_operator", groups="integration_monitor.group_operator,base.group_partner_manager"
        )
        cls.event_type.active = True
        cls.draft = cls.env["integration.endpoint"].create(
            {
                "name": "New portal",
                "url": "https://new.example",
                "subscription_ids": [Command.create({"event_type_id": cls.event_type.id})],
            }
        )
        cls.env["integration.worker"].search([]).unlink()

    def open_wizard(self, endpoint=None):
        action = (endpoint or self.draft).with_user(self.operator).action_send_test()
        return self.env[action["res_model"]].with_user(self.operator).browse(action["res_id"])

    def test_it_offers_a_subscribed_event_and_the_newest_record_that_passes_its_filter(self):
        passing, refused = self.new_partners(2)
        self.draft.subscription_ids.filter_domain = f"[('id', '!=', {refused.id})]"
        wizard = self.open_wizard()
        self.assertEqual((wizard.event_type_id, wizard.res_id), (self.event_type, passing.id))
        self.assertFalse(wizard.notice)
        wizard.res_id = refused.id
        self.assertIn("does not let this record pass", wizard.notice)

    def test_it_shows_the_body_before_it_is_sent(self):
        wizard = self.open_wizard()
        wizard.res_id = self.partner.id
        self.assertIn('"test": true', wizard.body_preview)
        self.assertIn('"name": "Mercy Hospital"', wizard.body_preview)
        self.assertFalse(wizard.is_mapped)
        self.draft.subscription_ids.mapping = "{ 'id': data.id }"
        wizard.invalidate_recordset()
        self.assertTrue(wizard.is_mapped)
        self.assertFalse(self.draft.recent_attempt_ids)

    def test_events_of_records_that_one_may_not_see_are_not_offered(self):
        open_to_others(self.env, "ir.cron")
        hidden = build_event_type(self.env, model="ir.cron", name="odoo.test.cron.v1")
        hidden.active = True
        wizard = self.open_wizard()
        self.assertNotIn(hidden, wizard.event_type_choice_ids)
        wizard.event_type_id = hidden
        with self.assertRaisesRegex(UserError, "IM_ENDPOINT_TEST_IMPOSSIBLE"):
            wizard.action_send()

    def test_an_event_that_is_not_subscribed_is_sent_in_the_test_only_and_that_is_said(self):
        self.draft.subscription_ids.unlink()
        with Form(self.open_wizard()) as form:
            form.event_type_id = self.event_type
            self.assertIn("not subscribed", form.notice)

    def test_it_shows_request_answer_time_and_verdict(self):
        wizard = self.open_wizard()
        wizard.action_send()
        self.claim()
        self.report(
            build_outcome(
                wizard.delivery_id.id,
                result="failed",
                duration_ms=34,
                request_head=HEAD,
                request_body='{"test":true}',
                error='The endpoint refused the data (HTTP 422): "VAT id missing"',
                response_excerpt='{"detail":"VAT id missing"}',
            )
        )
        wizard.invalidate_recordset()
        self.assertEqual((wizard.state, wizard.status_text, wizard.duration_ms), ("failed", "HTTP 422", 34))
        self.assertEqual(wizard.request_head, HEAD)
        self.assertEqual(wizard.request_body, '{\n  "test": true\n}')
        self.assertIn("VAT id missing", wizard.verdict)
        self.assertIn("VAT id missing", wizard.answer)
        self.assertIn("Correct in", wizard.advice)
        self.assertFalse(wizard.progress)
        self.assertEqual(self.draft.recent_attempt_ids.mapped("is_test"), [True])
        wizard.action_again()
        self.assertFalse(wizard.delivery_id)
        self.assertEqual(wizard.event_type_id, self.event_type)

    def test_it_says_what_is_missing_when_no_sidecar_takes_the_test(self):
        wizard = self.open_wizard()
        wizard.action_send()
        self.assertIn("Waiting for the sidecar", wizard.progress)
        delivery = wizard.sudo().delivery_id
        delivery.next_attempt_at = fields.Datetime.now() - timedelta(seconds=30)
        wizard.invalidate_recordset()
        self.assertIn("No sidecar has ever reported", wizard.progress)
        self.assertTrue(wizard.is_stuck)
        workers = self.env["integration.worker"]
        workers._record_heartbeat("worker-1", "1.0.0")
        self.env.cr.execute("UPDATE integration_worker SET last_seen_at = '2026-01-01'")
        self.env.invalidate_all()
        self.assertIn("No sidecar has reported since", wizard.progress)
        workers._record_heartbeat("worker-1", "1.0.0")
        self.env.invalidate_all()
        self.assertIn("has not taken the test yet", wizard.progress)
        self.assertTrue(wizard.is_stuck)
        delivery.next_attempt_at = fields.Datetime.now()
        wizard.invalidate_recordset()
        self.assertEqual((wizard.progress, wizard.is_stuck), ("Waiting for the sidecar to take it…", False))
        self.claim()
        wizard.invalidate_recordset()
        self.assertIn("On its way", wizard.progress)

    def test_code_for_receivers_is_filled_in_with_the_test_and_never_with_the_secret(self):
        self.draft.action_generate_signing_key()
        wizard = self.open_wizard()
        wizard.action_send()
        self.claim()
        self.report(build_outcome(wizard.delivery_id.id, request_head=HEAD))
        secrets = (self.draft._read_secret("signing_secret"), self.draft._read_secret("signing_key"))
        for language in LANGUAGES:
            for scheme in ("v1", "v1a"):
                wizard.write({"snippet_language": language, "snippet_scheme": scheme})
                self.assertTrue(wizard.snippet)
                for secret in secrets:
                    self.assertNotIn(secret, wizard.snippet)
                if scheme in LANGUAGES[language].schemes:
                    shown = self.draft.signing_public_key if scheme == "v1a" else "whsec_YOUR_SECRET"
                    self.assertIn(shown, wizard.snippet)
        wizard.write({"snippet_language": "shell", "snippet_scheme": "v1a"})
        for value in ('id="evt_1"', 'timestamp="1795163514"', 'signature="def"'):
            self.assertIn(value, wizard.snippet)

    def test_somebody_elses_test_is_out_of_reach(self):
        wizard = self.open_wizard()
        other = new_test_user(self.env, "test_other", groups="integration_monitor.group_operator")
        self.assertFalse(wizard.with_user(other).has_access("read"))


@tagged("post_install", "-at_install")
class TestEndpointLifecycle(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "test_manager", groups="integration_monitor.group_manager")

    def test_an_endpoint_with_something_to_do_is_not_archived_and_shows_what_waits(self):
        self.deliver_to()
        self.deliver_to(state="failed")
        endpoint = self.endpoint.with_user(self.manager)
        with self.assertRaisesRegex(RedirectWarning, "IM_ARCHIVE_WAITING.* way: 1, failed: 1") as caught:
            endpoint.action_archive()
        domain = caught.exception.args[1]["domain"]
        self.assertEqual(self.env["integration.delivery"].search_count(domain), 2)
        self.env["integration.delivery"].search(domain).with_user(self.manager).action_cancel("Closed")
        endpoint.action_archive()
        self.assertFalse(endpoint.active)

    def test_tests_keep_no_endpoint_from_being_archived_or_deleted(self):
        draft = self.endpoint.copy()
        self.env["integration.delivery"]._make_test(draft, self.event_type, self.partner)
        draft.with_user(self.manager).action_archive()
        draft.with_user(self.manager).unlink()
        self.assertFalse(draft.exists())

    def test_a_duplicate_is_a_draft_with_subscriptions_and_without_secrets_and_says_so(self):
        self.endpoint.write({"auth_kind": "bearer", "auth_secret_input": "token", "max_attempts": 3})
        self.env["integration.subscription"].create(
            {"endpoint_id": self.endpoint.id, "event_type_id": self.event_type.id, "ordering": "latest_only"}
        )
        duplicate = self.endpoint.with_user(self.manager).copy()
        self.assertEqual((duplicate.name, duplicate.state), ("Receiver (copy)", "draft"))
        self.assertEqual(duplicate.max_attempts, 3)
        self.assertEqual(duplicate.subscription_ids.mapped("ordering"), ["latest_only"])
        self.assertFalse(duplicate.has_auth_secret)
        self.assertFalse(duplicate.environment_uuid)
        self.assertNotEqual(
            duplicate._read_secret("signing_secret"), self.endpoint._read_secret("signing_secret")
        )
        self.assertIn("were not copied", duplicate.message_ids.mapped("body")[0])
        self.assertIn("password or token is missing", duplicate.missing_text)

    def test_the_form_says_how_the_endpoint_fares_and_where_it_sends_from(self):
        endpoint = self.endpoint
        self.assertIn("Nothing was sent yet", endpoint.health_text)
        self.deliver_to()
        endpoint.invalidate_recordset()
        self.assertEqual(endpoint.health_text, "Nothing failed. Waiting: 1.")
        self.assertIn(self.env.cr.dbname, endpoint.environment_text)
        endpoint.environment_uuid = "another"
        self.assertIn("From another database", endpoint.environment_text)
        self.assertIn("Activated in another database", endpoint.health_text)

    def test_recent_attempts_are_those_of_the_endpoint_newest_first(self):
        other = build_endpoint(self.env, name="Other")
        ours = self.deliver_to(), self.deliver_to(record=self.new_partners(1))
        theirs = self.deliver_to(other, self.new_partners(1))
        self.claim()
        self.report(
            build_outcome(ours[0].id, started_at="2026-11-20T08:00:00.000Z"),
            build_outcome(ours[1].id, result="retry", started_at="2026-11-20T09:00:00.000Z"),
            build_outcome(theirs.id),
        )
        attempts = self.endpoint.with_user(self.manager).recent_attempt_ids
        self.assertEqual(attempts.delivery_id.ids, [ours[1].id, ours[0].id])
