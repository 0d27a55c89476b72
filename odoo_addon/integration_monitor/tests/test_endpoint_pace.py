"""Rate limit and maximum age, on a clock that the tests turn."""

import random
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..endpoint.pace_rules import BURST_S
from .delivery_case import WORKER, DeliveryCase, build_endpoint, build_outcome

# Later than the builders' own clock, so that what they make is due.
NOON = datetime(2126, 11, 20, 12)


class ClockCase(DeliveryCase):
    """Odoo's present instant is ``self.now``."""

    def setUp(self):
        super().setUp()
        self.now = NOON
        clock = patch.object(type(self.env["integration.delivery"]), "_now", lambda _model: self.now)
        clock.start()
        self.addCleanup(clock.stop)

    @classmethod
    def deliver_to(cls, *args, **values):
        # What is due by the machine's clock need not be due by this one.
        return super().deliver_to(*args, **{"next_attempt_at": NOON - timedelta(minutes=1), **values})

    def pass_s(self, seconds):
        self.now += timedelta(seconds=seconds)

    def make_backlog(self, count, **values):
        for partner in self.new_partners(count):
            self.deliver_to(record=partner, next_attempt_at=NOON - timedelta(hours=1), **values)


@tagged("post_install", "-at_install")
class TestRateLimit(ClockCase):
    def ask(self, worker=WORKER):
        """Return the number given, and the seconds until Odoo wants to be asked again."""
        answer = self.door.claim(worker=worker, limit=1000, credits={})
        next_due_at = answer["next_due_at"]
        wait = datetime.fromisoformat(next_due_at[:-1]) - self.now if next_due_at else None
        return len(answer["claims"]), wait and wait.total_seconds()

    def test_without_a_limit_everything_goes_at_once(self):
        self.make_backlog(20)
        self.assertEqual(self.ask()[0], 20)

    def test_a_slow_limit_gives_one_at_a_time_and_says_when_the_next_may_go(self):
        self.endpoint.rate_limit_per_s = 0.5
        self.make_backlog(3)
        self.assertEqual(self.ask(), (1, 2.0))
        self.pass_s(1.5)
        self.assertEqual(self.ask(), (0, 0.5))
        self.pass_s(0.5)
        self.assertEqual(self.ask(), (1, 2.0))

    def test_a_fast_limit_gives_small_bunches(self):
        self.endpoint.write({"rate_limit_per_s": 40, "window": 1000})
        self.make_backlog(100)
        self.assertEqual(self.ask()[0], 10, "a quarter of a second's worth")
        self.assertEqual(self.ask()[0], 0)
        self.pass_s(0.1)
        self.assertEqual(self.ask()[0], 4)

    def test_all_sidecars_share_the_limit(self):
        self.endpoint.rate_limit_per_s = 1
        self.make_backlog(5)
        self.assertEqual([self.ask(f"worker-{number}")[0] for number in range(3)], [1, 0, 0])

    def test_an_idle_hour_saves_nothing_up(self):
        self.endpoint.rate_limit_per_s = 1
        self.make_backlog(10)
        self.ask()
        self.pass_s(3600)
        self.assertEqual(self.ask()[0], 1)

    def test_the_limit_of_one_endpoint_is_not_that_of_another(self):
        self.endpoint.rate_limit_per_s = 0.001
        other = build_endpoint(self.env, "Other")
        self.make_backlog(3)
        self.make_backlog(3, endpoint=other)
        self.assertEqual(self.ask()[0], 4)

    def test_the_window_holds_next_to_the_limit(self):
        self.endpoint.write({"rate_limit_per_s": 1000, "window": 2})
        self.make_backlog(5)
        self.assertEqual(self.ask()[0], 2)

    def test_in_no_span_of_time_more_is_given_than_the_limit_allows(self):
        """Asks at random moments, and when Odoo says so; then looks at every span between two claims."""
        seed = random.randrange(2**32)
        chance = random.Random(seed)
        self.endpoint.window = 1000
        for rate in (0.7, 3, 25, round(chance.uniform(0.5, 80), 3)):
            self.endpoint.rate_limit_per_s = rate
            self.env["integration.endpoint.pace"].search([]).unlink()
            self.env["integration.delivery"].search([]).write({"state": "delivered"})
            self.make_backlog(120)
            burst = max(int(rate * BURST_S), 1)
            started, given = self.now, []
            for _step in range(40):
                count, wait_s = self.ask()
                given.append((self.now, count))
                self.pass_s(wait_s if wait_s and chance.random() < 0.6 else chance.uniform(0.001, 0.5))
            for first, (since, _count) in enumerate(given):
                total = 0
                for until, count in given[first:]:
                    total += count
                    allowed = (until - since).total_seconds() * rate + burst + 0.01
                    self.assertLessEqual(total, allowed, f"seed {seed}, rate {rate}, span {since}–{until}")
            total = sum(count for _at, count in given)
            passed_s = (given[-1][0] - started).total_seconds()
            # Asking late loses what a full bucket cannot hold, but never most of it.
            self.assertGreaterEqual(total, min(passed_s * rate * 0.25, 120) - burst - 1, f"seed {seed}")

    def test_asking_when_told_reaches_the_limit(self):
        self.endpoint.write({"rate_limit_per_s": 20, "window": 1000})
        self.make_backlog(150)
        total = 0
        while self.now < NOON + timedelta(seconds=5):
            count, wait_s = self.ask()
            total += count
            self.pass_s(wait_s + 0.03)
        self.assertGreaterEqual(total, 95)
        self.assertLessEqual(total, 5.2 * 20 + 5)


@tagged("post_install", "-at_install")
class TestMaximumAge(ClockCase):
    def setUp(self):
        super().setUp()
        self.endpoint.max_age_hours = 24

    def old(self, **values):
        return self.deliver_to(
            record=self.new_partners(1), waiting_since=NOON - timedelta(hours=24, seconds=1), **values
        )

    def test_what_waited_too_long_expires_and_says_why(self):
        old, young = self.old(), self.deliver_to(waiting_since=NOON - timedelta(hours=23))
        self.assertEqual(self.claim_ids(), young.ids)
        self.assertEqual(old.state, "expired")
        self.assertIn("maximum age", old.state_reason)
        self.assertEqual(old.state_changed_at, NOON)

    def test_without_a_maximum_age_nothing_expires(self):
        self.endpoint.max_age_hours = 0
        old = self.old()
        self.assertEqual(self.claim_ids(), old.ids)

    def test_what_is_on_the_road_is_left_to_its_outcome(self):
        leased, queued = self.old(), self.old()
        lease_until = NOON + timedelta(seconds=30)
        leased.write({"lease_until": lease_until, "lease_worker": WORKER})
        queued.write({"state": "queued", "queued_at": NOON})
        self.claim()
        self.assertEqual((leased.state, queued.state), ("pending", "queued"))

    def test_a_paused_endpoint_loses_nothing(self):
        old = self.old()
        self.endpoint.action_pause()
        self.claim()
        self.assertEqual(old.state, "pending")

    def test_a_resting_endpoint_lets_its_deliveries_expire(self):
        old = self.old()
        self.endpoint.write({"breaker_state": "open", "breaker_probe_at": NOON + timedelta(hours=1)})
        self.claim()
        self.assertEqual(old.state, "expired")

    def test_a_person_may_send_an_expired_delivery_again_and_its_age_begins_anew(self):
        old = self.old()
        self.claim()
        old.action_retry()
        self.assertEqual(self.claim_ids(), old.ids)

    def test_an_expired_delivery_holds_nobody(self):
        partner = self.new_partners(1)
        old = self.deliver_to(record=partner, waiting_since=NOON - timedelta(days=2))
        follower = self.deliver_to(record=partner, waiting_since=NOON)
        self.assertEqual(self.claim_ids(), follower.ids)
        self.assertEqual(old.state, "expired")

    def test_captured_deliveries_carry_the_instant_they_began_to_wait(self):
        self.event_type.write({"active": True, "trigger": "on_create_or_write"})
        self.env["integration.subscription"].create(
            {"endpoint_id": self.endpoint.id, "event_type_id": self.event_type.id}
        )
        self.env["integration.event"]._capture(self.event_type.id, self.new_partners(1))
        self.flush()
        self.env["integration.event"]._complete_captured()
        deliveries = self.env["integration.delivery"].search([("endpoint_id", "=", self.endpoint.id)])
        self.assertTrue(deliveries)
        for delivery in deliveries:
            self.assertLess(fields.Datetime.now() - delivery.waiting_since, timedelta(minutes=5))

    def test_the_number_of_statements_does_not_grow_with_the_batch(self):
        counts = {}
        for size in (1, 100):
            for partner in self.new_partners(size):
                self.deliver_to(record=partner, waiting_since=NOON - timedelta(days=2))
            self.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.claim()
            self.flush()
            counts[size] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts[100], counts[1] + 3, counts)

    def test_a_late_report_of_an_expired_delivery_that_arrived_is_believed(self):
        old = self.old()
        self.claim()
        self.report(build_outcome(old.id))
        self.assertEqual(old.state, "delivered")
