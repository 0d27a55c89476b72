"""What receivers say afterwards: taken with a fitting signature only, and only where it means something."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from ..endpoint.confirmation import BODY_BYTES_MAX, PATH
from ..endpoint.signing_secret import generate_signing_secret
from ..models import integration_delivery_confirmation
from .delivery_case import build_delivery, build_endpoint, build_event_type, pause_other_endpoints


def sign(secret, webhook_id, timestamp, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


@tagged("post_install", "-at_install")
class TestConfirmation(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pause_other_endpoints(cls.env)
        cls.event_type = build_event_type(cls.env)
        cls.secret = generate_signing_secret()
        cls.endpoint = build_endpoint(cls.env, signing_secret_input=cls.secret)
        cls.owner = new_test_user(cls.env, "confirmation_owner", "base.group_user,base.group_partner_manager")
        cls.document = cls.env["res.partner"].with_user(cls.owner).sudo().create({"name": "Ada Lovelace"})

    def deliver(self, endpoint=None, **values):
        values = {"state": "delivered", "attempt_count": 1, "next_attempt_at": False, **values}
        return build_delivery(self.env, self.event_type, endpoint or self.endpoint, self.document, **values)

    def confirm(self, delivery=None, secret=None, timestamp=None, headers=None, **fields):
        if delivery:
            fields = {"event_id": delivery.event_id.event_id, "status": "processed", **fields}
        return self.post(json.dumps(fields).encode(), secret, timestamp, headers)

    def post(self, body, secret=None, timestamp=None, headers=None):
        self.env.flush_all()
        webhook_id, timestamp = str(uuid.uuid4()), timestamp or str(int(time.time()))
        answer = self.opener.post(
            self.base_url() + PATH,
            data=body,
            headers={
                "content-type": "application/json",
                "webhook-id": webhook_id,
                "webhook-timestamp": timestamp,
                "webhook-signature": sign(secret or self.secret, webhook_id, timestamp, body),
                **(headers or {}),
            },
            timeout=30,
        )
        self.env.invalidate_all()
        return answer

    def assertRefused(self, answer, status_code, code, *words):
        self.assertEqual(answer.status_code, status_code, answer.text)
        self.assertEqual(answer.json()["error"], code)
        for word in words:
            self.assertIn(word, answer.json()["message"])

    def titles(self):
        timeline = self.env["integration.delivery"].get_document_timeline("res.partner", self.document.id)
        return [entry["title"] for entry in timeline["entries"]]

    def activities(self):
        return self.document.activity_ids.filtered("integration_endpoint_id")

    # ------------------------------------------------------------------
    # What it does
    # ------------------------------------------------------------------

    def test_a_delivery_that_was_processed_is_acknowledged_and_the_timeline_says_by_whom_and_as_what(self):
        delivery = self.deliver()
        with patch.object(integration_delivery_confirmation._logger, "info") as info:
            answer = self.confirm(delivery, reference="CLM-4711")
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        self.assertEqual(delivery.state, "acknowledged")
        self.assertEqual(delivery.state_reason, "Known there as CLM-4711")
        self.assertFalse(delivery.state_changed_by)
        self.assertEqual(self.titles()[-1], "Receiver confirmed that it was processed")
        self.assertEqual(self.document.integration_state, "delivered")
        self.assertNotIn("CLM-4711", str(info.call_args_list))
        self.assertIn(delivery.event_id.event_id, str(info.call_args_list))

    def test_what_is_rejected_afterwards_becomes_a_case_for_the_owner_with_the_reason(self):
        delivery = self.deliver()
        self.assertEqual(self.confirm(delivery).status_code, 204)
        answer = self.confirm(delivery, status="rejected", reason="Policy 12 does not cover this.")
        self.assertEqual(answer.status_code, 204)
        self.assertEqual((delivery.state, delivery.failure_class), ("failed", "rejected"))
        self.assertIn("Policy 12 does not cover this.", delivery.case_summary)
        self.assertEqual(delivery.case_kind, "refused")
        self.assertEqual(self.activities().user_id, self.owner)
        self.assertIn("Receiver took it and rejected it afterwards", self.titles())
        self.assertEqual(self.document.integration_state, "failed")

    def test_after_a_rejection_a_person_may_send_it_again(self):
        delivery = self.deliver()
        self.confirm(delivery, status="rejected", reason="Closed.")
        delivery.action_retry()
        self.assertEqual(delivery.state, "pending")
        self.assertEqual(delivery.schedule_start, 1)
        self.assertIn("Receiver took it and rejected it afterwards", self.titles())

    def test_a_failed_delivery_that_was_processed_nevertheless_is_no_case_any_more(self):
        delivery = self.deliver(state="failed", failure_class="timeout", last_error="No answer in time")
        delivery._schedule_activities()
        self.assertTrue(self.activities())
        self.assertEqual(self.confirm(delivery).status_code, 204)
        self.assertEqual(delivery.state, "acknowledged")
        self.assertFalse(delivery.failure_class)
        self.assertFalse(self.activities())

    def test_the_same_said_twice_changes_nothing(self):
        delivery = self.deliver()
        for _time in range(2):
            self.assertEqual(self.confirm(delivery, status="rejected", reason="No.").status_code, 204)
        self.assertEqual(len(delivery.transition_ids), 1)

    def test_only_the_delivery_to_the_endpoint_that_signs_is_meant(self):
        delivery = self.deliver()
        other = build_endpoint(self.env, "Other")
        elsewhere = self.env["integration.delivery"].create(
            {
                "event_id": delivery.event_id.id,
                "endpoint_id": other.id,
                "event_type_id": self.event_type.id,
                "res_model": delivery.res_model,
                "res_id": delivery.res_id,
                "sequence": delivery.sequence,
                "state": "delivered",
            }
        )
        self.assertEqual(self.confirm(delivery).status_code, 204)
        self.assertEqual((delivery.state, elsewhere.state), ("acknowledged", "delivered"))

    def test_the_old_secret_fits_until_its_overlap_ends(self):
        delivery = self.deliver()
        self.endpoint.signing_secret_input = generate_signing_secret()
        self.assertEqual(self.confirm(delivery).status_code, 204)
        self.endpoint.action_end_signing_overlap()
        self.assertRefused(self.confirm(delivery), 401, "IM_CONFIRMATION_UNSIGNED")

    # ------------------------------------------------------------------
    # What it refuses, and changes nothing
    # ------------------------------------------------------------------

    def test_a_wrong_signature_an_unknown_event_and_a_wrong_clock_are_refused(self):
        delivery = self.deliver()
        wrong = self.confirm(delivery, secret=generate_signing_secret())
        self.assertRefused(wrong, 401, "IM_CONFIRMATION_UNSIGNED", "whsec_")
        unknown = self.confirm(event_id=str(uuid.uuid4()), status="processed")
        self.assertRefused(unknown, 401, "IM_CONFIRMATION_UNSIGNED")
        # Whether there is such an event must not show.
        self.assertEqual(wrong.json(), unknown.json())
        for timestamp in (str(int(time.time()) - 400), "yesterday", "9" * 40):
            answer = self.confirm(delivery, timestamp=timestamp)
            self.assertRefused(answer, 401, "IM_CONFIRMATION_UNSIGNED", "clock")
        for signature in ("v1,%%%", "v1a,AAAA", "nonsense"):
            answer = self.confirm(delivery, headers={"webhook-signature": signature})
            self.assertRefused(answer, 401, "IM_CONFIRMATION_UNSIGNED")
        answer = self.confirm(delivery, headers={"webhook-signature": ""})
        self.assertRefused(answer, 401, "IM_CONFIRMATION_UNSIGNED", "webhook-signature")
        self.assertEqual(delivery.state, "delivered")

    def test_what_is_no_confirmation_is_refused_with_what_was_expected(self):
        delivery = self.deliver()
        named = {"event_id": delivery.event_id.event_id}
        for body in (b"", b"{", b"[" * 50_000, b'"processed"', b"\xff\xfe"):
            with self.subTest(body=body[:80]):
                self.assertRefused(self.post(body), 400, "IM_CONFIRMATION_INVALID", "JSON object")
        for fields, word in (
            (named, "status"),
            ({**named, "status": ["processed"]}, "status"),
            ({"status": "processed"}, "event_id"),
            ({"status": "processed", "event_id": 7}, "event_id"),
            ({**named, "status": "rejected"}, "reason"),
            ({**named, "status": "rejected", "reason": "x" * 501}, "reason"),
            ({**named, "status": "processed", "reference": {}}, "reference"),
        ):
            with self.subTest(fields=fields):
                self.assertRefused(self.confirm(**fields), 400, "IM_CONFIRMATION_INVALID", word)
        self.assertRefused(self.post(b" " * (BODY_BYTES_MAX + 1)), 413, "IM_CONFIRMATION_INVALID")
        self.assertEqual(delivery.state, "delivered")

    def test_characters_that_cannot_be_stored_do_no_harm(self):
        delivery = self.deliver()
        self.assertEqual(self.confirm(delivery, status="rejected", reason="a\0b \ud800 c").status_code, 204)
        self.assertEqual(delivery.state_reason, "a b ? c")

    def test_what_is_under_way_is_to_be_confirmed_later_and_what_is_over_never(self):
        for state in ("pending", "queued"):
            answer = self.confirm(self.deliver(state=state))
            self.assertRefused(answer, 409, "IM_CONFIRMATION_EARLY")
            self.assertEqual(answer.headers["Retry-After"], "5")
        for state in ("cancelled", "superseded", "expired"):
            answer = self.confirm(self.deliver(state=state))
            self.assertRefused(answer, 409, "IM_CONFIRMATION_LATE", state)
            self.assertNotIn("Retry-After", answer.headers)
