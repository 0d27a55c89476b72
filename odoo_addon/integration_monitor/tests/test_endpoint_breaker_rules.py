"""Which outcomes speak of an endpoint’s health, and how a run of them counts."""

from odoo.tests import tagged

from ..endpoint.breaker_rules import count_failures, judge_outcome
from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestEndpointBreakerRules(DeliveryCase):
    def test_every_class_and_status_is_judged(self):
        judged = {
            ("retry", "server_error", 500): "ill",
            ("failed", "unavailable", 503): "ill",
            ("retry", "timeout", 0): "ill",
            ("retry", "dns", 0): "ill",
            ("failed", "server_error", 501): "well",
            ("failed", "contract", 422): "well",
            ("failed", "auth", 401): "well",
            ("retry", "throttled", 429): "silent",
            ("failed", "payload", 0): "silent",
            ("failed", None, 0): "silent",
            ("delivered", None, 200): "well",
        }
        for (result, failure_class, status_code), verdict in judged.items():
            outcome = {"result": result, "failure_class": failure_class, "status_code": status_code}
            self.assertEqual(judge_outcome(outcome), verdict, outcome)

    def test_only_the_run_at_the_end_counts(self):
        self.assertEqual(count_failures(["ill", "ill", "well", "ill"]), (True, 1))
        self.assertEqual(count_failures(["ill", "silent", "ill"]), (False, 2))
        self.assertEqual(count_failures([]), (False, 0))
