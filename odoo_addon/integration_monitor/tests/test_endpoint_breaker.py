"""The circuit breaker: when it opens, what it counts, and what people see and may do."""

import random
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..endpoint.breaker_rules import PROBE_PAUSE_S
from .breaker_case import UNAVAILABLE, BreakerCase
from .delivery_case import WORKER, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestEndpointBreaker(BreakerCase):
    def test_it_opens_after_the_set_number_of_failures_in_a_row_over_several_reports(self):
        first, second, third = self.make_deliveries(3)
        self.report_outage(first | second)
        self.assert_breaker("closed", 2)
        before = fields.Datetime.now()
        self.report_outage(third, error="The endpoint is not available right now (HTTP 503)")
        self.assert_breaker("open", 3)
        self.assertEqual(self.endpoint.breaker_reason, "The endpoint is not available right now (HTTP 503)")
        self.assertGreaterEqual(self.endpoint.breaker_opened_at, before)
        pause = self.endpoint.breaker_probe_at - self.endpoint.breaker_opened_at
        self.assertEqual(pause, timedelta(seconds=PROBE_PAUSE_S))
        self.assertEqual(self.endpoint.health, "stopped")

    def test_an_answer_in_between_starts_the_count_anew(self):
        first, second, third, fourth = self.make_deliveries(4)
        self.report_outage(first | second)
        self.report(build_outcome(third.id))
        self.assertEqual(self.endpoint.consecutive_failure_count, 0)
        self.report_outage(fourth)
        self.assert_breaker("closed", 1)

    def test_the_order_within_a_report_is_that_of_the_attempts(self):
        first, second, third, fourth = self.make_deliveries(4)
        late = {**UNAVAILABLE, "started_at": "2026-11-20T08:40:00.000Z"}
        self.report(*(build_outcome(d.id, **late) for d in (first, second)), build_outcome(fourth.id))
        self.assertEqual(self.endpoint.consecutive_failure_count, 2, "the answer came before the failures")
        self.report_outage(third)
        self.assertEqual(self.endpoint.breaker_state, "open")

    def test_a_refusal_shows_good_health_and_throttling_says_nothing(self):
        deliveries = self.make_deliveries(5)
        self.report_outage(deliveries[:2])
        self.report_outage(deliveries[2], status_code=429, failure_class="throttled")
        self.assertEqual(self.endpoint.consecutive_failure_count, 2)
        self.refuse(deliveries[3])
        self.assertEqual(self.endpoint.consecutive_failure_count, 0)

    def test_a_threshold_of_zero_never_opens(self):
        self.endpoint.breaker_threshold = 0
        self.report_outage(self.make_deliveries(20))
        self.assertEqual(self.endpoint.breaker_state, "closed")

    def test_another_endpoint_is_not_affected(self):
        self.open_breaker()
        other = build_endpoint(self.env, "Other")
        delivery = self.deliver_to(endpoint=other)
        self.assertEqual(self.claim_ids(), delivery.ids)
        self.assertEqual(other.breaker_state, "closed")

    def test_a_stale_outcome_does_not_count(self):
        deliveries = self.make_deliveries(3)
        self.report(*(build_outcome(d.id, 7, **UNAVAILABLE) for d in deliveries))
        self.assertEqual(self.endpoint.consecutive_failure_count, 0)

    # ------------------------------------------------------------------ open

    def test_while_it_is_open_nothing_is_claimed_and_no_attempt_is_lost(self):
        waiting = self.deliver_to()
        self.open_breaker()
        answer = self.door.claim(worker=WORKER, limit=10, credits={})
        self.assertEqual(answer["claims"], [])
        self.assertEqual((waiting.state, waiting.attempt_count), ("pending", 0))
        self.assertIn("out of service", waiting.waiting_reason)
        due_at = fields.Datetime.to_datetime(answer["next_due_at"][:19].replace("T", " "))
        self.assertAlmostEqual(
            due_at, self.endpoint.breaker_probe_at, delta=timedelta(seconds=1), msg="back for the probe"
        )

    def test_what_was_on_the_road_finishes_as_usual(self):
        delivered, retried, refused = on_the_road = self.make_deliveries(3)
        self.publish(self.claim())
        self.open_breaker()
        self.report(
            build_outcome(delivered.id),
            build_outcome(retried.id, **UNAVAILABLE),
            build_outcome(refused.id, result="failed"),
        )
        self.assertEqual(on_the_road.mapped("state"), ["delivered", "pending", "failed"])
        self.assertEqual(self.endpoint.breaker_state, "open", "only the probe decides")
        self.assertEqual(retried.attempt_count, 1)

    # ------------------------------------------------------------------ probing

    def test_an_operator_may_close_it_and_others_may_not(self):
        waiting = self.open_breaker()
        reader = new_test_user(self.env, "breaker_reader", groups="integration_monitor.group_user")
        with self.assertRaises(AccessError):
            self.endpoint.with_user(reader).action_close_breaker()
        operator = new_test_user(self.env, "breaker_operator", groups="integration_monitor.group_operator")
        self.endpoint.with_user(operator).action_close_breaker()
        self.assertEqual(self.endpoint.breaker_state, "closed")
        self.assertIn(operator.name, self.endpoint.message_ids[0].body)
        self.assertEqual(set(self.claim_ids()), set(waiting.ids))

    def test_activating_or_resuming_begins_afresh(self):
        for action in ("action_activate", "action_resume"):
            self.open_breaker()
            self.endpoint.action_pause()
            getattr(self.endpoint, action)()
            self.assertEqual(self.endpoint.breaker_state, "closed")

    def test_the_overview_tells_about_it(self):
        self.open_breaker()
        rows = self.env["integration.delivery"].get_overview()["endpoints"]
        row = next(row for row in rows if row["id"] == self.endpoint.id)
        self.assertEqual((row["health"], row["breaker_state"]), ("stopped", "open"))
        self.assertTrue(row["breaker_probe_at"].endswith("Z"))

    def test_the_owner_is_told_once_of_a_long_failure_and_it_ends_with_the_recovery(self):
        owner = new_test_user(self.env, "breaker_owner", groups="integration_monitor.group_user")
        self.endpoint.owner_id = owner
        self.open_breaker()
        endpoints = self.env["integration.endpoint"]
        endpoints._cron_tell_owners()
        self.assertFalse(self.endpoint.activity_ids, "not long yet")
        self.endpoint.breaker_opened_at -= timedelta(minutes=16)
        endpoints._cron_tell_owners()
        self.assertEqual(self.endpoint.activity_ids.user_id, owner)
        self.assertIn("The endpoint answered retry", self.endpoint.activity_ids.note)
        self.report_probe(self.claim_probe(), **UNAVAILABLE, retry_delay_s=0)
        endpoints._cron_tell_owners()
        self.assertEqual(len(self.endpoint.activity_ids), 1, "no second one for another attempt")
        self.report_probe(self.claim_probe())
        self.assertFalse(self.endpoint.activity_ids)

    def test_an_activity_that_the_owner_settled_does_not_come_back_for_the_same_failure(self):
        self.endpoint.owner_id = new_test_user(
            self.env, "breaker_owner", groups="integration_monitor.group_user"
        )
        self.open_breaker()
        self.endpoint.breaker_opened_at -= timedelta(minutes=16)
        self.env["integration.endpoint"]._cron_tell_owners()
        self.endpoint.activity_ids.action_done()
        self.env["integration.endpoint"]._cron_tell_owners()
        self.assertFalse(self.endpoint.activity_ids)

    def test_a_long_failure_with_many_tries_makes_one_activity_and_no_notes(self):
        self.endpoint.owner_id = new_test_user(
            self.env, "breaker_owner", groups="integration_monitor.group_user"
        )
        self.flush()
        notes = self.endpoint.message_ids
        self.open_breaker()
        self.endpoint.breaker_opened_at -= timedelta(minutes=16)
        for _try in range(10):
            self.report_probe(self.claim_probe(), **UNAVAILABLE, retry_delay_s=0)
            self.env["integration.endpoint"]._cron_tell_owners()
            self.flush()
        self.assertEqual(len(self.endpoint.activity_ids), 1)
        self.assertEqual(self.endpoint.message_ids, notes)

    def test_what_waits_for_a_retry_because_of_the_outage_is_due_when_it_is_over(self):
        waiting = self.make_deliveries(4)
        self.report_outage(waiting[:3], retry_delay_s=3600)
        self.report(build_outcome(waiting[3].id, 1, "retry", failure_class="throttled", retry_delay_s=3600))
        self.assertEqual(self.endpoint.breaker_state, "open")
        probe = self.deliver_to(record=self.new_partners(1))
        claim = self.claim_probe()
        self.assertEqual(claim["delivery_id"], probe.id)
        self.report_probe(claim)
        self.assertEqual(sorted(self.claim_ids()), waiting[:3].ids, "the throttled one waits as it was asked")
        self.assertEqual(waiting.mapped("attempt_count"), [1, 1, 1, 1], "no attempt is counted for it")

    def test_closing_it_by_hand_makes_what_waits_due_as_well(self):
        waiting = self.make_deliveries(3)
        self.report_outage(waiting, retry_delay_s=3600)
        self.endpoint.action_close_breaker()
        self.assertEqual(sorted(self.claim_ids()), waiting.ids)

    # ------------------------------------------------------------------ cost and model

    def test_the_number_of_statements_does_not_grow_with_the_batch(self):
        self.endpoint.breaker_threshold = 1000
        counts = {}
        for size in (2, 100):
            deliveries = self.make_deliveries(size)
            self.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.report_outage(deliveries)
            self.flush()
            counts[size] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts[100], counts[2] + 3, counts)

    def test_healthy_reports_do_not_write_the_endpoint(self):
        deliveries = self.make_deliveries(3)
        self.flush()
        with patch.object(type(self.endpoint), "_count_outcomes") as count_outcomes:
            self.report(*(build_outcome(d.id) for d in deliveries))
        count_outcomes.assert_not_called()

    def test_it_behaves_like_a_simple_model_under_random_reports(self):
        """Drives the real claim and report by chance, next to a breaker of ten lines."""
        seed = random.randrange(2**32)
        chance = random.Random(seed)
        state, count = "closed", 0
        pending = list(self.make_deliveries(60))
        for step in range(60):
            context = f"seed {seed}, step {step}"
            if state == "open":
                self.assertEqual(self.claim(), [], context)
                probe = self.claim_probe()
                verdict = chance.choice(["well", "ill", "silent"])
                self.report_probe(probe, **_values_for(verdict))
                state, count = ("closed", 0) if verdict == "well" else ("open", count + (verdict == "ill"))
            else:
                batch = [pending.pop() for _ in range(min(chance.randint(1, 3), len(pending)))]
                if not batch:
                    break
                verdicts = [chance.choice(["well", "ill", "ill", "ill", "silent"]) for _ in batch]
                self.report(
                    *(
                        build_outcome(
                            delivery.id,
                            delivery.attempt_count + 1,
                            **_values_for(verdict),
                            started_at=f"2026-11-20T08:31:{second:02}.000Z",
                        )
                        for second, (delivery, verdict) in enumerate(zip(batch, verdicts, strict=True))
                    )
                )
                for verdict in verdicts:
                    count = {"well": 0, "ill": count + 1, "silent": count}[verdict]
                if count >= 3:
                    state = "open"
            self.assert_breaker(state, count, context)
            pending = [d for d in pending if d.state == "pending"] or list(self.make_deliveries(5))


def _values_for(verdict):
    if verdict == "well":
        return {"result": "delivered"}
    if verdict == "ill":
        return {**UNAVAILABLE, "retry_delay_s": 0}
    return {"result": "retry", "status_code": 429, "failure_class": "throttled", "retry_delay_s": 0}
