"""Test deliveries: the way of every delivery, but counted nowhere and in nobody's way."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestTestDelivery(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env, "test_operator", groups="integration_monitor.group_operator,base.group_partner_manager"
        )
        cls.draft = cls.env["integration.endpoint"].create(
            {"name": "New portal", "url": "https://new.example"}
        )

    def send_test(self, endpoint=None, record=None, user=None):
        endpoint = (endpoint or self.draft).with_user(user or self.operator)
        return endpoint._send_test(self.event_type, record or self.partner).sudo()

    def test_a_test_is_sent_to_a_draft_and_says_that_it_is_one(self):
        delivery = self.send_test()
        (claim,) = self.claim()
        self.assertEqual((claim["delivery_id"], claim["is_test"]), (delivery.id, True))
        self.assertIs(json.loads(claim["body"])["test"], True)
        self.assertEqual(json.loads(claim["body"])["data"]["id"], self.partner.id)
        self.assertEqual(self.publish([claim]), delivery.ids)
        head = "POST / HTTP/1.1\nwebhook-id: 1"
        self.report(build_outcome(delivery.id, request_head=head, request_body=claim["body"]))
        self.assertEqual(delivery.state, "delivered")
        self.assertEqual(delivery.attempt_ids.request_head, head)
        self.assertEqual(delivery.attempt_ids.request_body, claim["body"])
        self.assertEqual(self.draft.state, "draft")

    def test_a_real_delivery_does_not_say_that_it_is_a_test_and_keeps_no_request(self):
        delivery = self.deliver_to()
        (claim,) = self.claim()
        self.assertIs(claim["is_test"], False)
        self.assertNotIn("test", json.loads(claim["body"]))
        self.report(build_outcome(delivery.id, request_head="POST / HTTP/1.1"))
        self.assertFalse(delivery.attempt_ids.request_head)

    def test_a_test_is_sent_to_endpoints_that_send_nothing_now(self):
        for values in (
            {"state": "paused"},
            {"state": "stopped"},
            {"breaker_state": "open", "breaker_probe_at": fields.Datetime.now() + timedelta(hours=1)},
        ):
            with self.subTest(**values):
                endpoint = build_endpoint(self.env, name=str(values))
                endpoint.write(values)
                self.deliver_to(endpoint)
                test = self.send_test(endpoint)
                self.assertEqual(self.claim_ids(), test.ids)

    def test_a_test_is_nobodys_probe(self):
        self.endpoint.write({"breaker_state": "open", "breaker_probe_at": fields.Datetime.now()})
        waiting = self.deliver_to()
        test = self.send_test(self.endpoint)
        self.assertEqual(sorted(self.claim_ids()), sorted((waiting | test).ids))
        self.assertEqual(self.endpoint.breaker_probe_delivery, waiting.id)

    def test_a_copy_of_the_database_does_not_send_what_waited(self):
        self.send_test()
        self.env["ir.config_parameter"].set_param("database.uuid", "of-the-copy")
        self.env.registry.clear_cache()
        self.assertEqual(self.claim_ids(), [])

    def test_no_test_is_sent_to_a_fenced_endpoint(self):
        self.send_test(self.endpoint)
        self.endpoint.environment_uuid = "of-another-database"
        self.assertEqual(self.claim_ids(), [])
        with self.assertRaisesRegex(UserError, "IM_ENDPOINT_TEST_IMPOSSIBLE.*Activate here"):
            self.send_test(self.endpoint)

    def test_a_neutralised_database_sends_no_test(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        with self.assertRaisesRegex(UserError, "IM_ENDPOINT_TEST_IMPOSSIBLE.*neutralised"):
            self.send_test()

    def test_a_test_that_waited_too_long_is_not_sent_any_more(self):
        test = self.send_test()
        test.next_attempt_at = fields.Datetime.now() - timedelta(minutes=11)
        self.assertEqual(self.claim_ids(), [])

    def test_a_new_test_takes_the_place_of_one_that_still_waits(self):
        first, second = self.send_test(), self.send_test()
        self.assertEqual(first.state, "cancelled")
        self.assertEqual(self.claim_ids(), second.ids)

    def test_a_test_neither_holds_nor_waits_for_others_of_its_record(self):
        failed = self.deliver_to(state="failed")
        test = self.send_test(self.endpoint)
        self.assertFalse(test.held_by_id)
        self.assertEqual(self.claim_ids(), test.ids, "not held by the failed one")
        self.refuse(test)
        failed.sudo().state = "cancelled"
        follower = self.deliver_to()
        self.assertFalse(follower.held_by_id)
        self.assertEqual(self.claim_ids(), follower.ids, "not held by the failed test")

    def test_a_test_replaces_nothing_where_only_the_latest_counts(self):
        subscription = self.env["integration.subscription"].create(
            {
                "endpoint_id": self.endpoint.id,
                "event_type_id": self.event_type.id,
                "ordering": "latest_only",
            }
        )
        waiting = self.deliver_to(subscription_id=subscription.id)
        self.send_test(self.endpoint)
        self.claim()
        self.report(build_outcome(waiting.id, result="retry"))
        self.assertEqual(waiting.state, "pending")

    def test_one_attempt_is_all_and_changes_nothing_else(self):
        self.endpoint.write({"breaker_threshold": 1})
        test = self.send_test(self.endpoint)
        self.claim()
        self.report(build_outcome(test.id, result="retry"))
        self.assertEqual((test.state, test.attempt_count), ("failed", 1))
        self.assertFalse(test.next_attempt_at)
        self.assertEqual(
            (self.endpoint.breaker_state, self.endpoint.consecutive_failure_count), ("closed", 0)
        )
        self.assertFalse(self.partner.activity_ids)

    def test_a_test_answered_gone_does_not_stop_the_endpoint(self):
        test = self.send_test(self.endpoint)
        self.claim()
        self.refuse(test, status_code=410, failure_class="gone", stop_endpoint=True)
        self.assertEqual(self.endpoint.state, "active")

    def test_a_failed_test_is_counted_nowhere(self):
        deliveries = self.env["integration.delivery"].with_user(self.operator)
        before = deliveries.get_exception_count()
        test = self.send_test(self.endpoint)
        self.claim()
        self.refuse(test)
        self.assertEqual(deliveries.get_exception_count(), before)
        self.assertNotIn(test, deliveries.search([("endpoint_id", "=", self.endpoint.id)]))
        self.assertIn(test, deliveries.search([("is_test", "=", True)]))
        self.assertFalse(self.env["integration.event"].search([("id", "=", test.event_id.id)]))
        self.assertEqual((self.endpoint.failed_count, self.endpoint.health), (0, "ok"))
        overview = deliveries.get_overview()
        self.assertEqual(overview["counts"]["failed"], 0)
        document = self.partner.with_user(self.operator)
        self.assertFalse(document.integration_state)
        self.assertEqual(document.integration_delivery_count, 0)

    def test_a_test_is_neither_retried_nor_replayed_nor_cancelled(self):
        test = self.send_test()
        self.claim()
        self.refuse(test)
        for act in (test.action_retry, test.action_replay, lambda: test.action_cancel("No")):
            with self.assertRaisesRegex(UserError, "IM_ENDPOINT_TEST_ONCE"):
                act()

    def test_old_tests_are_purged_whatever_became_of_them(self):
        tests = self.send_test()
        self.claim()
        self.refuse(tests)
        tests.state_changed_at = "2020-01-01"
        self.flush()
        self.env["integration.delivery"]._purge_deliveries(fields.Datetime.now() - timedelta(days=90))
        self.assertFalse(tests.exists())

    def test_only_operators_and_administrators_send_tests(self):
        viewer = new_test_user(
            self.env, "test_viewer", groups="integration_monitor.group_user,base.group_partner_manager"
        )
        with self.assertRaisesRegex(AccessError, "IM_ENDPOINT_TEST_NOT_ALLOWED"):
            self.draft.with_user(viewer).action_send_test()
        with self.assertRaisesRegex(AccessError, "IM_ENDPOINT_TEST_NOT_ALLOWED"):
            self.send_test(user=viewer)

    def test_a_record_that_one_may_not_read_is_not_sent(self):
        self.env["ir.rule"].create(
            {
                "name": "None of them",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        with self.assertRaises(AccessError):
            self.send_test()

    def test_a_record_of_another_company_is_not_sent(self):
        company = self.env["res.company"].create({"name": "Sister clinic"})
        self.operator.company_ids += company
        self.draft.company_id = self.env.company
        other = self.env["res.partner"].create({"name": "Hers", "company_id": company.id})
        both = self.draft.with_context(allowed_company_ids=self.operator.company_ids.ids)
        with self.assertRaisesRegex(UserError, "IM_ENDPOINT_TEST_IMPOSSIBLE.*Sister clinic"):
            self.send_test(both, record=other)

    def test_an_event_that_cannot_be_put_together_fails_at_once_and_says_why(self):
        self.event_type.field_ids = [fields.Command.create({"path": "name"})]
        self.env["integration.event.type.field"].flush_model()
        self.env.cr.execute(
            "UPDATE integration_event_type_field SET path = 'gone' WHERE event_type_id = %s",
            [self.event_type.id],
        )
        self.env.invalidate_all()
        self.event_type.write({"name": "Changed"})
        test = self.send_test()
        self.assertEqual(test.state, "failed")
        self.assertIn("gone", test.last_error)
        self.assertEqual(self.claim_ids(), [])
