"""What belongs to no delivery becomes a case for a person: once, bounded, and never lost."""

import base64
import hashlib
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.integration_parked_message import CONTENT_BYTES_MAX
from .delivery_case import DeliveryCase, build_outcome


def build_message(content=b"whose am I?", key="key-1", **values):
    return {
        "message_key": key,
        "fingerprint": hashlib.sha256(content).hexdigest(),
        "found_in": "integration.v1.0f8fad5b.dead",
        "reason": "IM_MESSAGE_UNREADABLE: expected JSON, got something else",
        "message_id": "lost-1",
        "message_type": False,
        "size_bytes": len(content),
        "content": base64.b64encode(content).decode(),
        **values,
    }


@tagged("post_install", "-at_install")
class TestParkedMessage(DeliveryCase):
    def park(self, *messages):
        return self.door.park(worker="worker-1", messages=list(messages))

    def cases(self, state="open"):
        self.env["integration.parked.message"].invalidate_model()
        return self.env["integration.parked.message"].search([("state", "=", state)])

    def test_a_parked_message_becomes_a_case_with_its_content_for_administrators(self):
        answer = self.park(build_message(b'{"name": "Ada Lovelace", "born": 1815}'))
        self.assertEqual(answer, {"parked": ["key-1"], "refused": []})
        case = self.cases()
        self.assertEqual(case.reason, "IM_MESSAGE_UNREADABLE: expected JSON, got something else")
        self.assertEqual((case.repeat_count, case.worker, case.message_id), (1, "worker-1", "lost-1"))
        self.assertEqual(base64.b64decode(case.content), b'{"name": "Ada Lovelace", "born": 1815}')
        self.assertEqual(case.excerpt, '{"xxxx": "xxx xxxxxxxx", "xxxx": 9999}')
        viewer = new_test_user(self.env, "test_viewer", groups="integration_monitor.group_operator")
        with self.assertRaises(AccessError):
            case.with_user(viewer).read(["content"])

    def test_the_same_message_reported_again_changes_nothing(self):
        self.park(build_message())
        self.park(build_message())
        self.assertEqual(self.cases().repeat_count, 1)

    def test_the_same_content_in_another_message_is_counted_and_opens_the_case_again(self):
        self.park(build_message())
        self.cases().action_resolve("A test script; stopped")
        self.park(build_message())
        self.assertFalse(self.cases(), "the broker handed out the same message again")
        self.park(build_message(key="key-2"), build_message(key="key-3"), build_message(key="key-3"))
        case = self.cases()
        self.assertEqual(case.repeat_count, 3)
        self.assertEqual(case.resolution_note, "A test script; stopped", "what was found out is kept")

    def test_a_message_that_is_too_large_is_cut_and_says_so(self):
        self.park(build_message(b"x" * (CONTENT_BYTES_MAX + 1)))
        case = self.cases()
        self.assertTrue(case.is_cut)
        self.assertEqual(case.size_bytes, CONTENT_BYTES_MAX + 1)
        self.assertEqual(len(base64.b64decode(case.content)), CONTENT_BYTES_MAX)

    def test_any_bytes_can_be_kept(self):
        self.park(build_message(bytes(range(256)), reason="a\x00b\ud800"))
        case = self.cases()
        self.assertEqual(base64.b64decode(case.content), bytes(range(256)))
        self.assertEqual(case.reason, "ab?")

    def test_a_malformed_message_is_refused_alone(self):
        wrong = [
            "text",
            build_message(fingerprint="short"),
            build_message(key=""),
            build_message(content=b"x", size_bytes=-1),
            {**build_message(), "content": "not base64!"},
            {**build_message(), "content": 5},
        ]
        answer = self.park(*wrong, build_message())
        self.assertEqual(answer["parked"], ["key-1"])
        self.assertEqual([refusal["index"] for refusal in answer["refused"]], list(range(len(wrong))))
        for refusal in answer["refused"]:
            self.assertRegex(refusal["error"], "^IM_PARK_INVALID: ")
        for messages in ({}, [build_message()] * 1001):
            with self.assertRaisesRegex(ValidationError, "IM_PARK_INVALID: messages must be a list"):
                self.door.park(worker="worker-1", messages=messages)

    def test_an_outcome_of_an_unknown_delivery_becomes_a_case(self):
        answer = self.report(build_outcome(2**31 - 1))
        self.assertEqual(answer["stale"], [2**31 - 1])
        self.assertRegex(self.cases().reason, "^IM_DELIVERY_UNKNOWN: ")
        self.report(build_outcome(2**31 - 1))
        self.assertEqual(self.cases().repeat_count, 1, "the repeated report of one outcome is one case")

    def test_an_outcome_that_cannot_be_read_becomes_a_case(self):
        delivery = self.deliver_to()
        self.report({**build_outcome(delivery.id), "result": "lost"}, build_outcome(delivery.id))
        self.assertRegex(self.cases().reason, "^IM_OUTCOME_INVALID: result must be one of")
        self.assertEqual(delivery.state, "delivered")

    def test_a_stale_outcome_of_a_known_delivery_is_no_case(self):
        delivery = self.deliver_to()
        self.report(build_outcome(delivery.id))
        self.report(build_outcome(delivery.id))
        self.assertFalse(self.cases())

    def test_resolving_takes_a_role_and_a_note(self):
        self.park(build_message())
        case = self.cases()
        viewer = new_test_user(self.env, "test_viewer", groups="integration_monitor.group_user")
        with self.assertRaises(AccessError):
            case.with_user(viewer).action_resolve("Found it")
        for note in ("  ", False, 5):
            with self.assertRaisesRegex(UserError, "IM_RESOLUTION_MISSING"):
                case.action_resolve(note)
        operator = new_test_user(self.env, "test_operator", groups="integration_monitor.group_operator")
        wizard = (
            self.env["integration.parked.message.wizard"]
            .with_user(operator)
            .with_context(active_model=case._name, active_ids=case.ids)
            .create({"note": "A test script; stopped"})
        )
        wizard.action_confirm()
        self.assertEqual((case.state, case.resolved_by), ("resolved", operator))
        self.assertTrue(case.resolved_at)

    def test_resolved_cases_are_deleted_when_they_are_old_and_open_ones_never(self):
        self.park(build_message(), build_message(b"other", key="key-2"))
        kept, resolved = self.cases().sorted("message_id")
        resolved.action_resolve("Done")
        long_ago = fields.Datetime.now() - timedelta(days=400)
        resolved.resolved_at = long_ago
        kept.last_seen_at = long_ago
        self.env["integration.parked.message"]._gc_resolved()
        self.assertFalse(resolved.exists())
        self.assertTrue(kept.exists())
