"""Breaker and rate limit with several sidecars and people at once, on real connections."""

from datetime import timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import fields
from odoo.tests import tagged

from .concurrency_case import ConcurrencyCase, parse_new_outcome

UNAVAILABLE = {"result": "retry", "status_code": 503, "failure_class": "unavailable", "retry_delay_s": 0}


@tagged("post_install", "-at_install")
class TestLimitsConcurrency(ConcurrencyCase):
    def configure(self, **values):
        env = self.open_env()
        self.endpoint.with_env(env).write(values)
        env.cr.commit()

    def configure_open_breaker(self):
        self.configure(breaker_state="open", breaker_probe_at=fields.Datetime.now() - timedelta(seconds=1))

    def read_endpoint(self):
        return self.endpoint.with_env(self.open_env())

    def test_two_claims_with_the_same_snapshot_give_one_probe(self):
        self.configure_open_breaker()
        for partner in self.partners:
            self.make_delivery(partner)
        claimed, two = self.claim_twice_with_one_snapshot()
        self.take_snapshot(two)
        claimed += self.claim(two, "worker-2")[0]
        self.assertEqual(len(claimed), 1)
        self.assertEqual(self.read_endpoint().breaker_probe_delivery, claimed[0])

    def test_two_claims_with_the_same_snapshot_share_the_rate_limit(self):
        self.configure(rate_limit_per_s=0.01)
        for partner in self.partners:
            self.make_delivery(partner)
        claimed, two = self.claim_twice_with_one_snapshot()
        claimed += self.claim(two, "worker-2")[0]
        self.assertEqual(len(claimed), 1)

    def test_a_claim_neither_waits_for_a_person_who_edits_a_resting_endpoint_nor_probes_it(self):
        self.configure_open_breaker()
        delivery_id = self.make_delivery(self.partners[0])
        person, worker = self.open_env(), self.open_env()
        self.endpoint.with_env(person).name = "Renamed"
        person.flush_all()
        self.assertEqual(self.claim(worker, "worker-1")[0], [])
        worker.cr.commit()
        person.cr.commit()
        self.assertEqual(self.claim(worker, "worker-1")[0], [delivery_id])

    def test_of_two_reports_at_once_both_are_recorded_and_one_is_counted(self):
        first, second = (self.make_delivery(partner) for partner in self.partners)
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(two)
        outcomes = [parse_new_outcome(first, **UNAVAILABLE)]
        self.assertEqual(one["integration.delivery"]._apply_outcomes(outcomes), [first])
        # The first report is not committed yet: it holds the endpoint.
        outcomes = [parse_new_outcome(second, **UNAVAILABLE)]
        self.assertEqual(two["integration.delivery"]._apply_outcomes(outcomes), [second])
        one.cr.commit()
        two.cr.commit()
        self.assertEqual(self.read_endpoint().consecutive_failure_count, 1)
        attempts = self.open_env()["integration.delivery"].browse([first, second]).mapped("attempt_count")
        self.assertEqual(attempts, [1, 1])

    def test_a_count_that_another_report_changed_meanwhile_does_not_hold_up_the_outcomes(self):
        first, second = (self.make_delivery(partner) for partner in self.partners)
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(two)
        one["integration.delivery"]._apply_outcomes([parse_new_outcome(first, **UNAVAILABLE)])
        one.cr.commit()
        outcomes = [parse_new_outcome(second, **UNAVAILABLE)]
        self.assertEqual(two["integration.delivery"]._apply_outcomes(outcomes), [second])
        two.cr.commit()
        self.assertEqual(self.read_endpoint().consecutive_failure_count, 1)

    def test_the_outcome_of_a_probe_is_never_lost(self):
        self.configure_open_breaker()
        delivery_id = self.make_delivery(self.partners[0])
        worker, person = self.open_env(), self.open_env()
        self.assertEqual(self.claim(worker, "worker-1")[0], [delivery_id])
        worker.cr.commit()
        self.endpoint.with_env(person).name = "Renamed"
        person.flush_all()
        with self.assertRaises((LockNotAvailable, SerializationFailure)):
            worker["integration.delivery"]._apply_outcomes([parse_new_outcome(delivery_id)])
        person.cr.commit()
        # This is what Odoo does for every call from outside: roll back and call again.
        worker.cr.rollback()
        worker.invalidate_all()
        worker["integration.delivery"]._apply_outcomes([parse_new_outcome(delivery_id)])
        worker.cr.commit()
        self.assertEqual(self.read_endpoint().breaker_state, "closed")
