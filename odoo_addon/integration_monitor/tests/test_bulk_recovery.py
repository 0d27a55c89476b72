"""Bulk operations on committed rows: faults between chunks, and people and sidecars who are faster."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..capture.replayed_events import refuse_stale
from ..models import integration_bulk_operation_run as run
from .concurrency_case import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestBulkRecovery(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        self.delivery_ids = [
            self.make_delivery(partner, state="failed") for partner in (*self.partners, *self.partners)
        ]
        env = self.open_env()
        operation = env["integration.bulk.operation"]._prepare("retry", [("id", "in", self.delivery_ids)])
        operation.write({"state": "running"})
        env.cr.commit()
        self.committed.insert(0, operation)
        self.operation = operation
        patcher = patch.object(run, "CHUNK", 2)
        patcher.start()
        self.addCleanup(patcher.stop)

    def states(self):
        env = self.open_env()
        return env["integration.delivery"].browse(self.delivery_ids).mapped("state")

    def run_chunk(self, env):
        count = self.operation.with_env(env)._run_chunk_safely()
        env.cr.commit()
        return count

    def test_a_fault_undoes_its_chunk_only_stops_and_says_so(self):
        env = self.open_env()
        self.run_chunk(env)
        deliveries = type(env["integration.delivery"])
        with (
            patch.object(deliveries, "_make_due", side_effect=ZeroDivisionError),
            mute_logger("odoo.addons.integration_monitor.models.integration_bulk_operation_run"),
        ):
            self.run_chunk(env)
        self.assertEqual(self.states(), ["pending", "pending", "failed", "failed"])
        operation = self.operation.with_env(self.open_env())
        self.assertEqual((operation.state, operation.done_count), ("stopped", 2))
        self.assertIn("ZeroDivisionError", operation.state_reason)

    def test_after_a_crash_the_rest_is_done_and_nothing_twice(self):
        crashed = self.open_env()
        self.run_chunk(crashed)
        self.operation.with_env(crashed)._run_chunk()
        crashed.cr.rollback()
        env = self.open_env()
        while self.run_chunk(env):
            pass
        operation = self.operation.with_env(self.open_env())
        self.assertEqual((operation.state, operation.done_count), ("done", 4))
        transitions = operation.env["integration.delivery.transition"]
        self.assertEqual(
            [transitions.search_count([("delivery_id", "=", id_)]) for id_ in self.delivery_ids], [1] * 4
        )

    def test_a_chunk_that_meets_a_change_of_somebody_else_looks_again(self):
        late = self.open_env()
        self.take_snapshot(late)
        other = self.open_env()
        other["integration.delivery"].browse(self.delivery_ids[0]).action_cancel("Not needed")
        other.cr.commit()
        with mute_logger("odoo.sql_db"):
            self.assertEqual(self.run_chunk(late), 2)
        self.assertEqual(self.states(), ["cancelled", "pending", "failed", "failed"])
        operation = self.operation.with_env(self.open_env())
        self.assertEqual(operation.skip_reasons, "1 × It is Cancelled by now.")

    def test_stop_wins_over_a_runner_with_an_older_snapshot(self):
        late = self.open_env()
        self.take_snapshot(late)
        other = self.open_env()
        self.operation.with_env(other).action_stop()
        other.cr.commit()
        with mute_logger("odoo.sql_db"):
            self.assertEqual(self.run_chunk(late), 0)
        self.assertEqual(set(self.states()), {"failed"})

    def test_stop_does_not_wait_for_the_chunk_under_way_and_the_next_one_obeys(self):
        runner, person = self.open_env(), self.open_env()
        operation = self.operation.with_env(person)
        self.assertEqual(operation.state, "running", "an older snapshot than the runner's chunk before")
        self.run_chunk(runner)
        self.operation.with_env(runner)._run_chunk()
        runner.flush_all()
        person.cr.execute("SET LOCAL lock_timeout = '2s'")
        operation.action_stop()
        person.cr.commit()
        runner.cr.commit()
        self.assertEqual(self.run_chunk(runner), 0)
        stopped = self.operation.with_env(self.open_env())
        self.assertEqual((stopped.state, stopped.done_count), ("stopped", 4))
        self.assertIn("stopped it", stopped.state_reason)

    def test_a_second_runner_does_not_do_the_same_chunk(self):
        late, runner = self.open_env(), self.open_env()
        self.take_snapshot(late)
        self.run_chunk(runner)
        with mute_logger("odoo.sql_db"):
            self.assertEqual(self.run_chunk(late), 2)
        self.assertEqual(self.states(), ["pending"] * 4)
        self.assertEqual(self.operation.with_env(self.open_env()).done_count, 4)

    def test_content_is_never_older_than_an_event_with_an_earlier_number(self):
        late = self.open_env()
        self.take_snapshot(late)
        other = self.open_env()
        self.partners.with_env(other)[0].name = "Changed meanwhile"
        other.cr.commit()
        with self.assertRaises(SerializationFailure):
            refuse_stale(late, "res.partner", self.partners.ids)
