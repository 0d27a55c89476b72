"""An open circuit breaker lets one delivery try, and its answer decides."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..endpoint.breaker_rules import PROBE_PAUSE_MAX_S
from .breaker_case import UNAVAILABLE, BreakerCase


@tagged("post_install", "-at_install")
class TestEndpointBreakerProbe(BreakerCase):
    def test_when_it_is_time_exactly_one_delivery_is_given_whoever_asks(self):
        self.open_breaker()
        self.make_probe_due()
        self.assertEqual(len(self.claim()), 1)
        self.assertEqual(self.endpoint.breaker_state, "half_open")
        self.assertEqual(self.claim(worker="worker-2"), [])
        self.make_probe_due()
        self.assertEqual(self.claim(worker="worker-2"), [], "also not when the time comes again")

    def test_an_answered_probe_closes_and_the_rest_follows(self):
        others = self.open_breaker()
        probe = self.claim_probe()
        self.report_probe(probe)
        self.assertEqual(self.endpoint.breaker_state, "closed")
        self.assertFalse(self.endpoint.breaker_reason or self.endpoint.breaker_opened_at)
        self.assertEqual(self.endpoint.consecutive_failure_count, 0)
        self.assertEqual(set(self.claim_ids()), set(others.ids) - {probe["delivery_id"]})

    def test_a_probe_that_is_refused_closes_as_well(self):
        self.open_breaker()
        self.report_probe(self.claim_probe(), result="failed")
        self.assertEqual(self.endpoint.breaker_state, "closed")

    def test_failed_probes_make_the_pause_longer_up_to_the_longest(self):
        self.open_breaker()
        opened_at = self.endpoint.breaker_opened_at
        pauses = []
        for _number in range(7):
            before = fields.Datetime.now()
            self.report_probe(self.claim_probe(), **UNAVAILABLE, retry_delay_s=0)
            pauses.append(round((self.endpoint.breaker_probe_at - before).total_seconds() / 10) * 10)
        self.assertEqual(pauses, [60, 120, 240, 480, 900, 900, 900])
        self.assertEqual(PROBE_PAUSE_MAX_S, 900)
        self.assertEqual(self.endpoint.breaker_opened_at, opened_at, "it is one failure")

    def test_a_failed_probe_does_not_move_the_schedule_of_its_delivery(self):
        self.open_breaker()
        probe = self.claim_probe()
        self.report_probe(probe, **UNAVAILABLE, retry_delay_s=0)
        delivery = self.env["integration.delivery"].browse(probe["delivery_id"])
        self.assertEqual(delivery.attempt_count, probe["attempt_number"], "but the attempt is on record")
        self.endpoint.action_close_breaker()
        again = next(c for c in self.claim() if c["delivery_id"] == delivery.id)
        self.assertEqual(again["schedule_step"], probe["schedule_step"])
        self.assertEqual(again["attempt_number"], probe["attempt_number"] + 1)

    def test_a_probe_that_says_nothing_is_tried_again_after_the_same_pause(self):
        self.open_breaker()
        self.report_probe(self.claim_probe(), result="retry", status_code=429, failure_class="throttled")
        self.assertEqual(self.endpoint.breaker_state, "open")
        self.assertEqual(self.endpoint.breaker_failed_probe_count, 0)

    def test_a_probe_whose_lease_ran_out_is_followed_by_another(self):
        self.open_breaker()
        probe = self.claim_probe()
        lost = self.env["integration.delivery"].browse(probe["delivery_id"])
        lost.lease_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(len(self.claim(worker="worker-2")), 1)
        self.assertEqual(self.claim(worker="worker-2"), [])

    def test_a_probe_that_a_person_cancelled_is_followed_by_another(self):
        self.open_breaker()
        probe = self.claim_probe()
        self.env["integration.delivery"].browse(probe["delivery_id"]).action_cancel("Not wanted")
        (other,) = self.claim_ids()
        self.assertNotEqual(other, probe["delivery_id"])

    def test_a_queued_probe_is_waited_for(self):
        self.open_breaker()
        self.make_probe_due()
        self.publish(self.claim())
        self.assertEqual(self.claim(), [])
        self.assertEqual(self.endpoint.breaker_state, "half_open")

    # ------------------------------------------------------------------ people
