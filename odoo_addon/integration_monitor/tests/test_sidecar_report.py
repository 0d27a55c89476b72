"""What a report changes: one step per attempt, nothing twice, nothing that is stale."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .delivery_case import DeliveryCase, build_outcome


@tagged("post_install", "-at_install")
class TestSidecarReport(DeliveryCase):
    def test_a_delivered_outcome_delivers_and_is_kept_as_an_attempt(self):
        delivery = self.deliver_to()
        self.publish(self.claim())
        answer = self.report(build_outcome(delivery.id, unknown_key="tolerated"))
        self.assertEqual(answer, {"applied": delivery.ids, "stale": [], "refused": [], "is_more_due": False})
        self.assertEqual(delivery.state, "delivered")
        self.assertEqual(delivery.attempt_count, 1)
        self.assertEqual(delivery.delivered_at, datetime(2026, 11, 20, 8, 31, 54, 135000))
        self.assertFalse(delivery.next_attempt_at)
        self.assertEqual(delivery.attempt_ids.outcome, "delivered")
        self.assertEqual(delivery.attempt_ids.status_code, 200)
        self.assertEqual(delivery.attempt_ids.worker, "worker-1")

    def test_a_retry_outcome_makes_the_delivery_due_after_the_delay(self):
        delivery = self.deliver_to()
        self.claim()
        before = fields.Datetime.now()
        self.report(build_outcome(delivery.id, result="retry", retry_delay_s=90.5))
        self.assertEqual(delivery.state, "pending")
        self.assertFalse(delivery.lease_until)
        self.assertGreaterEqual(delivery.next_attempt_at, before + timedelta(seconds=90))
        self.assertEqual(delivery.last_error, "The endpoint answered retry")
        delivery.next_attempt_at = before
        (claim,) = self.claim()
        self.assertEqual((claim["attempt_number"], claim["schedule_step"]), (2, 2))

    def test_a_failed_outcome_leaves_the_reason_for_a_person(self):
        delivery = self.deliver_to()
        self.refuse(delivery, response_excerpt="amount is missing")
        self.assertEqual(delivery.state, "failed")
        self.assertEqual(delivery.failure_class, "contract")
        self.assertEqual(delivery.last_status_code, 422)
        self.assertEqual(delivery.last_response, "amount is missing")

    def test_a_delivery_clears_the_error_of_earlier_attempts(self):
        delivery = self.deliver_to()
        self.report(build_outcome(delivery.id, result="retry"))
        self.report(build_outcome(delivery.id, 2))
        self.assertFalse(delivery.last_error)
        self.assertFalse(delivery.failure_class)
        self.assertEqual(len(delivery.attempt_ids), 2)

    def test_a_repeated_report_is_stale_and_changes_nothing(self):
        delivery = self.deliver_to()
        outcome = build_outcome(delivery.id)
        self.report(outcome)
        changed_at = delivery.state_changed_at
        again = self.report(outcome)
        self.assertEqual(again, {"applied": [], "stale": delivery.ids, "refused": [], "is_more_due": False})
        self.assertEqual(len(delivery.attempt_ids), 1)
        self.assertEqual(delivery.state_changed_at, changed_at)

    def test_the_same_attempt_twice_in_one_batch_counts_once(self):
        delivery = self.deliver_to()
        answer = self.report(build_outcome(delivery.id), build_outcome(delivery.id, result="failed"))
        self.assertEqual(answer["applied"], delivery.ids)
        self.assertEqual(answer["stale"], delivery.ids)
        self.assertEqual(delivery.state, "delivered")

    def test_an_outcome_of_another_attempt_is_stale(self):
        delivery = self.deliver_to()
        for number in (2, 7):
            self.assertEqual(self.report(build_outcome(delivery.id, number))["stale"], delivery.ids)
        self.assertEqual(delivery.state, "pending")
        self.assertFalse(delivery.attempt_ids)

    def test_an_outcome_of_an_unknown_delivery_is_stale(self):
        self.assertEqual(self.report(build_outcome(2**31 - 1))["stale"], [2**31 - 1])

    def test_the_late_report_of_a_taken_over_lease_is_stale(self):
        delivery = self.deliver_to()
        self.claim()
        delivery.lease_until = fields.Datetime.now() - timedelta(seconds=1)
        self.claim(worker="worker-2")
        self.report(build_outcome(delivery.id, worker="worker-2"))
        answer = self.report(build_outcome(delivery.id, result="failed"))
        self.assertEqual(answer["stale"], delivery.ids)
        self.assertEqual(delivery.state, "delivered")

    def test_a_cancelled_delivery_becomes_delivered_if_the_endpoint_took_it(self):
        delivery = self.deliver_to()
        self.publish(self.claim())
        delivery.action_cancel("Too late?")
        self.assertEqual(self.report(build_outcome(delivery.id, result="retry"))["stale"], delivery.ids)
        self.assertEqual(self.report(build_outcome(delivery.id, result="failed"))["stale"], delivery.ids)
        self.assertEqual(delivery.state, "cancelled")
        self.assertEqual(self.report(build_outcome(delivery.id))["applied"], delivery.ids)
        self.assertEqual(delivery.state, "delivered")

    def test_one_malformed_outcome_is_refused_alone(self):
        partners = self.new_partners(2)
        good, bad = (self.deliver_to(record=partner) for partner in partners)
        malformed = build_outcome(bad.id, result="retry", retry_delay_s="soon")
        answer = self.report(malformed, build_outcome(good.id))
        self.assertEqual(answer["applied"], good.ids)
        (refusal,) = answer["refused"]
        self.assertEqual(refusal["delivery_id"], bad.id)
        self.assertRegex(refusal["error"], "^IM_OUTCOME_INVALID: retry_delay_s must be a number")
        self.assertEqual(bad.state, "pending")

    def test_each_kind_of_malformed_outcome_is_refused_with_what_was_expected(self):
        delivery = self.deliver_to()
        wrong = [
            {"delivery_id": "1"},
            {"delivery_id": True},
            {"delivery_id": 2**31},
            {"attempt_number": 0},
            {"attempt_number": 10**5000},
            {"started_at": "yesterday"},
            {"started_at": "2026-11-20T08:31:54"},
            {"duration_ms": "12"},
            {"duration_ms": float("nan")},
            {"status_code": None},
            {"failure_class": ["bad luck"]},
            {"error": 5},
            {"response_excerpt": ["x"]},
            {"worker": ""},
            {"worker": "\x00"},
            {"result": "retry"},
            {"result": "retry", "retry_delay_s": float("nan")},
        ]
        for values in wrong:
            outcome = {**build_outcome(delivery.id), **values}
            answer = self.report(outcome)
            self.assertEqual(answer["applied"], [], values)
            self.assertRegex(answer["refused"][0]["error"], "^IM_OUTCOME_INVALID: ", values)
        for not_an_outcome in ("text", 5, None, []):
            self.assertEqual(self.report(not_an_outcome)["refused"][0]["delivery_id"], 0)
        self.assertEqual(delivery.state, "pending")

    def test_what_only_describes_an_attempt_is_brought_into_its_range(self):
        odd = [
            {"started_at": "0001-01-01T00:00:00+14:00"},
            {"started_at": "9999-12-31T23:59:59Z"},
            {"duration_ms": -1},
            {"duration_ms": 10**300},
            {"duration_ms": 1.5},
            {"duration_ms": float("inf")},
            {"status_code": 1000},
            {"failure_class": "of a newer sidecar"},
            {"retry_delay_s": 10**12},
            {"retry_delay_s": -5},
            {"worker": "w" * 1000},
            {"error": "x" * 100_000 + "\x00"},
        ]
        for number, values in enumerate(odd, start=1):
            delivery = self.deliver_to(record=self.new_partners(1))
            answer = self.report(build_outcome(delivery.id, result="retry", **values))
            self.assertEqual(answer["applied"], delivery.ids, values)
            self.assertEqual((delivery.state, delivery.attempt_count), ("pending", 1), number)
            self.assertTrue(delivery.attempt_ids.read(), values)

    def test_a_result_must_be_one_of_the_three_even_when_it_is_no_text(self):
        for result in ("lost", ["delivered"], {"a": 1}):
            answer = self.report({**build_outcome(1), "result": result})
            self.assertRegex(answer["refused"][0]["error"], "result must be one of delivered, retry, failed")

    def test_a_report_that_is_no_list_or_too_long_is_refused_as_a_whole(self):
        for outcomes in ({}, "x", [build_outcome(1)] * 1001):
            with self.assertRaisesRegex(ValidationError, "IM_REPORT_INVALID: outcomes must be a list"):
                self.door.report(outcomes=outcomes)

    def test_texts_that_postgresql_cannot_store_are_cleaned_and_cut(self):
        delivery = self.deliver_to()
        self.report(build_outcome(delivery.id, response_excerpt="a\x00b\ud800" + "x" * 5000))
        self.assertTrue(delivery.last_response.startswith("ab?x"))
        self.assertEqual(len(delivery.last_response), 2000)

    def test_gone_for_good_stops_the_endpoint_once_and_says_why(self):
        first, second = (self.deliver_to(record=partner) for partner in self.new_partners(2))
        gone = {"result": "failed", "status_code": 410, "failure_class": "gone", "stop_endpoint": True}
        self.flush()
        self.report(build_outcome(first.id, **gone), build_outcome(second.id, **gone))
        self.flush()
        self.assertEqual(self.endpoint.state, "stopped")
        self.assertIn("410", self.endpoint.state_reason)
        self.assertIn(first.record_name, self.endpoint.state_reason)
        notes = self.endpoint.message_ids.filtered(lambda message: "410" in (message.body or ""))
        self.assertEqual(len(notes), 1)

    def test_a_stale_outcome_does_not_stop_the_endpoint(self):
        delivery = self.deliver_to()
        self.report(build_outcome(delivery.id, 2, "failed", stop_endpoint=True))
        self.assertEqual(self.endpoint.state, "active")

    def test_the_number_of_statements_does_not_grow_with_the_batch(self):
        counts = {}
        for size in (1, 200):
            self.endpoint.window = 1000
            for partner in self.new_partners(size):
                self.deliver_to(record=partner)
            self.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            claims = self.claim(limit=1000)
            after_claim = self.env.cr.sql_log_count
            self.publish(claims)
            after_published = self.env.cr.sql_log_count
            self.report(*(build_outcome(claim["delivery_id"]) for claim in claims))
            self.flush()
            after_report = self.env.cr.sql_log_count
            self.assertEqual(len(claims), size)
            counts[size] = (
                after_claim - before,
                after_published - after_claim,
                after_report - after_published,
            )
        # Hints on the bus are inserted in batches of a hundred rows.
        for small, large in zip(counts[1], counts[200], strict=True):
            self.assertLessEqual(large, small + 3, counts)
        self.assertLess(sum(counts[200]) / 200, 2, counts)
