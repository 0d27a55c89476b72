"""An endpoint whose breaker opens after three failures, and ways to bring it there."""

from datetime import timedelta

from odoo import fields

from .delivery_case import DeliveryCase, build_outcome

UNAVAILABLE = {"result": "retry", "status_code": 503, "failure_class": "unavailable"}


class BreakerCase(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint.breaker_threshold = 3

    def report_outage(self, deliveries, **values):
        """Report that one attempt of each found the endpoint out of service."""
        self.report(
            *(build_outcome(d.id, d.attempt_count + 1, **{**UNAVAILABLE, **values}) for d in deliveries)
        )

    def make_deliveries(self, count, **values):
        return self.env["integration.delivery"].union(
            *(self.deliver_to(record=partner, **values) for partner in self.new_partners(count))
        )

    def open_breaker(self):
        """Let three deliveries fail; they are due again at once."""
        failed = self.make_deliveries(3)
        self.report_outage(failed, retry_delay_s=0)
        self.assertEqual(self.endpoint.breaker_state, "open")
        return failed

    def make_probe_due(self):
        self.endpoint.breaker_probe_at = fields.Datetime.now() - timedelta(seconds=1)
        self.flush()

    def claim_probe(self):
        self.make_probe_due()
        (claim,) = self.claim()
        return claim

    def report_probe(self, claim, **values):
        return self.report(build_outcome(claim["delivery_id"], claim["attempt_number"], **values))

    def assert_breaker(self, state, failure_count, message=None):
        self.assertEqual(
            (self.endpoint.breaker_state, self.endpoint.consecutive_failure_count),
            (state, failure_count),
            message,
        )

    # ------------------------------------------------------------------ opening
