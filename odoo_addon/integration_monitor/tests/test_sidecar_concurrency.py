"""Two sidecars at once, on real connections: no window exceeded, no order broken, nothing doubled."""

from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .concurrency_case import ConcurrencyCase, parse_new_outcome


@tagged("post_install", "-at_install")
class TestSidecarConcurrency(ConcurrencyCase):
    def test_a_claim_that_cannot_see_another_claims_leases_gives_nothing_and_asks_to_come_back(self):
        first = self.make_delivery(self.partners[0])
        second = self.make_delivery(self.partners[0])
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(two)
        self.assertEqual(self.claim(one, "worker-1")[0], [first])
        one["integration.delivery"]._apply_outcomes([parse_new_outcome(first)])
        one.cr.commit()
        # With its old snapshot the second worker would see nothing leased and nothing delivered.
        claimed, next_due_at = self.claim(two, "worker-2")
        self.assertEqual(claimed, [])
        self.assertLess(next_due_at, fields.Datetime.now() + timedelta(seconds=5))
        two.cr.rollback()
        self.assertEqual(self.claim(two, "worker-2")[0], [second], "with a fresh snapshot it is its turn")

    def test_settings_are_never_older_than_the_revision_they_come_with(self):
        late = self.open_env()
        self.take_snapshot(late)
        writing = self.open_env()
        self.endpoint.with_env(writing).url = "https://moved.example/hook"
        writing.cr.commit()
        # The answer would hold the old URL with the new revision, and the sidecar would never ask again.
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            late["integration.endpoint"]._export_for_sidecar()
        late.cr.rollback()
        settings = late["integration.endpoint"]._export_for_sidecar()
        self.assertIn("https://moved.example/hook", [entry["url"] for entry in settings])

    def test_two_claims_with_the_same_snapshot_never_exceed_the_window(self):
        self.endpoint.with_env(env := self.open_env()).window = 1
        env.cr.commit()
        for partner in self.partners:
            self.make_delivery(partner)
        claimed, _two = self.claim_twice_with_one_snapshot()
        self.assertEqual(len(claimed), 1)

    def test_a_claim_does_not_wait_for_one_that_is_under_way(self):
        self.make_delivery(self.partners[0])
        one, two = self.open_env(), self.open_env()
        self.assertEqual(len(self.claim(one, "worker-1")[0]), 1)
        self.assertEqual(self.claim(two, "worker-2")[0], [])

    def test_a_claim_survives_a_person_cancelling_the_delivery_meanwhile(self):
        delivery_id = self.make_delivery(self.partners[0])
        person, worker = self.open_env(), self.open_env()
        self.take_snapshot(worker)
        person["integration.delivery"].browse(delivery_id).action_cancel("Not wanted")
        person.cr.commit()
        self.assertEqual(self.claim(worker, "worker-1")[0], [])
        worker.cr.rollback()
        self.assertEqual(worker["integration.delivery"].browse(delivery_id).state, "cancelled")

    def test_of_two_reports_of_one_attempt_the_second_is_repeated_and_then_stale(self):
        delivery_id = self.make_delivery(self.partners[0])
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(two)
        outcomes = [parse_new_outcome(delivery_id)]
        self.assertEqual(one["integration.delivery"]._apply_outcomes(outcomes), [delivery_id])
        one.cr.commit()
        # Not in Odoo's log: the statement holds the endpoint's answer.
        with self.assertRaises(SerializationFailure), self.assertNoLogs("odoo.sql_db", "ERROR"):
            two["integration.delivery"]._apply_outcomes([parse_new_outcome(delivery_id, result="failed")])
        # This is what Odoo does for every call from outside: roll back and call again.
        two.cr.rollback()
        two.invalidate_all()
        again = two["integration.delivery"]._apply_outcomes([parse_new_outcome(delivery_id, result="failed")])
        self.assertEqual(again, [])
        delivery = two["integration.delivery"].browse(delivery_id)
        self.assertEqual((delivery.state, delivery.attempt_count), ("delivered", 1))

    def test_publication_that_a_report_overtook_is_repeated_by_odoo_and_logs_no_error(self):
        delivery_id = self.make_delivery(self.partners[0])
        one, two = self.open_env(), self.open_env()
        self.assertEqual(self.claim(one, "worker-1")[0], [delivery_id])
        one.cr.commit()
        self.take_snapshot(two)
        one["integration.delivery"]._apply_outcomes([parse_new_outcome(delivery_id)])
        one.cr.commit()
        with self.assertRaises(SerializationFailure), self.assertNoLogs("odoo.sql_db", "ERROR"):
            two["integration.delivery"]._mark_published([delivery_id], [1])
        two.cr.rollback()
        self.assertEqual(two["integration.delivery"]._mark_published([delivery_id], [1]), [])

    def test_a_retry_by_hand_that_meets_a_claim_is_repeated_by_odoo(self):
        delivery_id = self.make_delivery(self.partners[0], next_attempt_at=fields.Datetime.now())
        person, worker = self.open_env(), self.open_env()
        self.take_snapshot(person)
        self.assertEqual(self.claim(worker, "worker-1")[0], [delivery_id])
        worker.cr.commit()
        with self.assertRaises(SerializationFailure), self.assertLogs("odoo.sql_db", "ERROR"):
            person["integration.delivery"].browse(delivery_id).action_retry()
            person.flush_all()
