"""How sidecars learn of each other, so that together they never exceed an endpoint's concurrency."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.sql_db import db_connect
from odoo.tests import get_db_name, tagged

from .concurrency_case import ConcurrencyCase
from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestSidecarRollCall(DeliveryCase):
    def setUp(self):
        super().setUp()
        self.env["integration.worker"].search([]).unlink()

    def shake(self, worker, heard=""):
        return self.door.handshake(worker=worker, version="1", heard=heard)["workers"]

    def settle(self, *workers):
        """Shake hands until everybody has heard the same; the roll they agree on."""
        heard = dict.fromkeys(workers, "")
        for _round in range(3):
            for worker in workers:
                heard[worker] = self.shake(worker, heard[worker])["roll"]
        self.assertEqual(len(set(heard.values())), 1)
        return heard[workers[0]]

    def silence(self, name, seconds=31):
        worker = self.env["integration.worker"].search([("name", "=", name)])
        worker.last_seen_at = fields.Datetime.now() - timedelta(seconds=seconds)
        self.env.flush_all()

    def call_count(self, call):
        with patch.object(self.env.registry["integration.bus"], "_call_sidecars", autospec=True) as called:
            call()
        return called.call_count

    def test_a_worker_that_is_alone_is_settled_at_once(self):
        standing = self.shake("worker-1")
        self.assertEqual((standing["count"], standing["index"], standing["is_settled"]), (1, 0, True))

    def test_a_second_worker_waits_until_the_first_has_heard_of_it(self):
        self.shake("worker-1")
        second = self.shake("worker-2")
        self.assertEqual((second["count"], second["index"], second["is_settled"]), (2, 1, False))
        self.assertFalse(self.shake("worker-2", second["roll"])["is_settled"])
        first = self.shake("worker-1")
        self.assertEqual((first["count"], first["index"]), (2, 0))
        self.assertFalse(self.shake("worker-2", second["roll"])["is_settled"], "told, but not confirmed yet")
        self.assertTrue(self.shake("worker-1", first["roll"])["is_settled"])
        self.assertTrue(self.shake("worker-2", second["roll"])["is_settled"])

    def test_a_worker_that_shares_must_confirm_before_it_is_settled_itself(self):
        roll = self.settle("worker-1", "worker-2")
        self.assertFalse(self.shake("worker-1", "")["is_settled"])
        self.assertFalse(self.shake("worker-2", roll)["is_settled"])

    def test_an_old_roll_does_not_count_when_the_same_workers_meet_again(self):
        roll = self.settle("worker-1", "worker-2")
        self.silence("worker-2")
        self.assertTrue(self.shake("worker-1", roll)["is_settled"], "alone: it takes everything")
        self.assertFalse(self.shake("worker-2", roll)["is_settled"], "the first still takes everything")

    def test_a_silent_worker_is_struck_off_after_half_a_minute_and_not_before(self):
        roll = self.settle("worker-1", "worker-2")
        self.silence("worker-1", seconds=28)
        self.assertEqual(self.shake("worker-2", roll)["count"], 2)
        self.silence("worker-1")
        standing = self.shake("worker-2", roll)
        self.assertEqual((standing["count"], standing["index"]), (1, 0))

    def test_a_worker_that_says_it_sends_nothing_frees_its_share_at_once(self):
        self.settle("worker-1", "worker-2")
        self.assertIs(self.door.handshake(worker="worker-1", version="1")["workers"], False)
        self.assertEqual(self.shake("worker-2")["count"], 1)
        self.assertTrue(self.env["integration.worker"].search([("name", "=", "worker-1")]).is_alive)

    def test_the_others_are_called_when_one_comes_or_goes_and_only_then(self):
        self.assertEqual(self.call_count(lambda: self.shake("worker-1")), 1)
        self.assertEqual(self.call_count(lambda: self.shake("worker-1")), 0)
        self.assertEqual(self.call_count(lambda: self.shake("worker-2")), 1)
        leave = {"worker": "worker-2", "version": "1"}
        self.assertEqual(self.call_count(lambda: self.door.handshake(**leave)), 1)
        self.assertEqual(self.call_count(lambda: self.door.handshake(**leave)), 0)

    def test_every_worker_has_a_different_index(self):
        names = [f"worker-{number}" for number in range(4)]
        self.settle(*names)
        self.assertEqual([self.shake(name)["index"] for name in names], [0, 1, 2, 3])

    def test_a_roll_that_is_no_text_is_refused(self):
        for heard in (7, ["x"], "x" * 201, "ü"):
            with self.assertRaisesRegex(ValidationError, "IM_HANDSHAKE_INVALID"):
                self.shake("worker-1", heard)


@tagged("post_install", "-at_install")
class TestSidecarRollCallConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove_workers)
        self.remove_workers()

    def remove_workers(self):
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute("DELETE FROM integration_worker WHERE name LIKE 'concurrent-%'")

    def answer(self, env, name, heard=""):
        return env["integration.worker"]._answer_roll_call(name, "1", heard)

    def test_two_workers_are_never_judged_by_snapshots_that_do_not_know_each_other(self):
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(two)
        self.assertTrue(self.answer(one, "concurrent-1"))
        self.assertIs(self.answer(two, "concurrent-2"), False, "one is being answered")
        one.cr.commit()
        self.assertIs(self.answer(two, "concurrent-2"), False, "its snapshot is older than the answer")
        two.cr.rollback()
        standing = self.answer(two, "concurrent-2")
        self.assertFalse(standing["is_settled"])
        two.cr.commit()
