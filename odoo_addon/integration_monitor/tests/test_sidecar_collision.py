"""Calls of the door that meet on one delivery: the later one is repeated at once in a fresh snapshot."""

import threading
from datetime import timedelta

from psycopg2.errors import LockNotAvailable

from odoo.tests import new_test_user, tagged

from ..models.immediate_repeat import TRIES_MAX, repeat_at_once
from .concurrency_case import ConcurrencyCase
from .delivery_case import WORKER, build_outcome

ANSWER_WITHIN_S = 30


@tagged("post_install", "-at_install")
class TestSidecarCollision(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        env = self.open_env()
        self.service_user = new_test_user(
            env, "test_collision_sidecar", groups="integration_monitor.group_sidecar", email=False
        )
        env.cr.commit()
        self.committed.append(self.service_user)

    def open_door(self, env):
        return env["integration.sidecar"].with_user(self.service_user.id)

    def lease_one(self):
        delivery_id = self.make_delivery(self.partners[0])
        env = self.open_env()
        self.assertEqual(self.claim(env, WORKER)[0], [delivery_id])
        env.cr.commit()
        return delivery_id, [{"delivery_id": delivery_id, "attempt_number": 1}]

    def read_delivery(self, delivery_id):
        delivery = self.open_env()["integration.delivery"].browse(delivery_id)
        return delivery.state, delivery.attempt_count, len(delivery.attempt_ids)

    def start_call(self, call):
        """Run ``call(door)`` and its commit on its own connection; returns a function that waits for it."""
        env, answers = self.open_env(), []

        def work():
            answers.append(call(self.open_door(env)))
            env.cr.commit()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()

        def wait():
            thread.join(ANSWER_WITHIN_S)
            self.assertFalse(thread.is_alive())
            return answers[0]

        return wait, env

    def wait_until_blocked(self, env):
        """Poll until the connection of ``env`` waits for a lock of another one."""
        watcher = self.open_env()
        pid = env.cr._cnx.info.backend_pid
        for _ in range(1000):
            watcher.cr.execute("SELECT cardinality(pg_blocking_pids(%s)), pg_sleep(0.01)", [pid])
            if watcher.cr.fetchone()[0]:
                return
            watcher.cr.rollback()
        self.fail("the second call never met the first")

    def test_published_that_a_report_overtook_answers_at_once_and_changes_nothing(self):
        delivery_id, claims = self.lease_one()
        reporting, publishing = self.open_env(), self.open_env()
        self.take_snapshot(publishing)
        self.open_door(reporting).report(outcomes=[build_outcome(delivery_id)])
        reporting.cr.commit()
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            answer = self.open_door(publishing).published(worker=WORKER, claims=claims)
        publishing.cr.commit()
        self.assertEqual(answer, {"queued": []})
        self.assertEqual(self.read_delivery(delivery_id), ("delivered", 1, 1))

    def test_a_report_whose_delivery_was_published_meanwhile_is_taken_at_once(self):
        delivery_id, claims = self.lease_one()
        reporting, publishing = self.open_env(), self.open_env()
        self.take_snapshot(reporting)
        self.open_door(publishing).published(worker=WORKER, claims=claims)
        publishing.cr.commit()
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            answer = self.open_door(reporting).report(outcomes=[build_outcome(delivery_id)])
        reporting.cr.commit()
        self.assertEqual(answer["applied"], [delivery_id])
        self.assertEqual(self.read_delivery(delivery_id), ("delivered", 1, 1))

    def test_a_report_that_meets_published_under_way_waits_for_it_and_is_taken(self):
        delivery_id, claims = self.lease_one()
        publishing = self.open_env()
        self.open_door(publishing).published(worker=WORKER, claims=claims)
        wait, env = self.start_call(lambda door: door.report(outcomes=[build_outcome(delivery_id)]))
        self.wait_until_blocked(env)
        publishing.cr.commit()
        self.assertEqual(wait()["applied"], [delivery_id])
        self.assertEqual(self.read_delivery(delivery_id), ("delivered", 1, 1))

    def test_a_delivery_given_back_while_somebody_changes_it_is_taken_back_after_that(self):
        delivery_id, claims = self.lease_one()
        publishing = self.open_env()
        self.open_door(publishing).published(worker=WORKER, claims=claims)
        wait, env = self.start_call(
            lambda door: door.report(outcomes=[build_outcome(delivery_id, result="returned")])
        )
        self.wait_until_blocked(env)
        publishing.cr.commit()
        self.assertEqual(wait()["applied"], [delivery_id])
        self.assertEqual(self.read_delivery(delivery_id), ("pending", 0, 0))

    def test_the_quiet_minute_passes_over_what_a_report_is_changing(self):
        delivery_id, _claims = self.lease_one()
        waiting = self.open_env()
        now = waiting["integration.delivery"]._now()
        waiting["integration.delivery"].browse(delivery_id).lease_until = now - timedelta(seconds=1)
        waiting.cr.commit()
        reporting, claiming = self.open_env(), self.open_env()
        self.open_door(reporting).report(outcomes=[build_outcome(delivery_id)])
        claiming.cr.execute("SET LOCAL lock_timeout = '1s'")
        claiming["integration.delivery"]._take_back_late(now, now + timedelta(seconds=60))
        reporting.cr.commit()
        self.assertEqual(self.read_delivery(delivery_id), ("delivered", 1, 1))

    def test_published_that_meets_a_report_under_way_finds_itself_overtaken(self):
        delivery_id, claims = self.lease_one()
        reporting = self.open_env()
        self.open_door(reporting).report(outcomes=[build_outcome(delivery_id)])
        wait, env = self.start_call(lambda door: door.published(worker=WORKER, claims=claims))
        self.wait_until_blocked(env)
        reporting.cr.commit()
        self.assertEqual(wait(), {"queued": []})
        self.assertEqual(self.read_delivery(delivery_id), ("delivered", 1, 1))

    def test_of_two_reports_under_way_one_counts_and_the_other_is_stale(self):
        delivery_id, _claims = self.lease_one()
        one = self.open_env()
        self.open_door(one).report(outcomes=[build_outcome(delivery_id)])
        wait, env = self.start_call(
            lambda door: door.report(outcomes=[build_outcome(delivery_id, result="failed")])
        )
        self.wait_until_blocked(env)
        one.cr.commit()
        answer = wait()
        self.assertEqual((answer["applied"], answer["stale"]), ([], [delivery_id]))
        self.assertEqual(self.read_delivery(delivery_id), ("delivered", 1, 1))

    def test_a_collision_that_does_not_end_is_left_to_odoo(self):
        tries = []

        def work():
            tries.append(1)
            raise LockNotAvailable

        with self.assertRaises(LockNotAvailable):
            repeat_at_once(self.open_env(), work)
        self.assertEqual(len(tries), TRIES_MAX)
