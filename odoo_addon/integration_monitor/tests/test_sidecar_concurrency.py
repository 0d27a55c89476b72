"""Two sidecars at once, on real connections: no window exceeded, no order broken, nothing doubled."""

import uuid
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..models.sidecar_arguments import parse_outcome
from .delivery_case import build_delivery, build_endpoint, build_event_type, build_outcome


@tagged("post_install", "-at_install")
class TestSidecarConcurrency(BaseCase):
    """Works with committed rows, because a test transaction cannot meet itself; removes them afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Cleanups run in reverse: first every cursor is closed, since open transactions keep rows locked.
        self.committed = []
        self.addCleanup(self.remove_rows)
        env = self.open_env()
        self.endpoint = build_endpoint(env, "Concurrent", window=100)
        self.event_type = build_event_type(env, name=f"odoo.test.concurrent_{uuid.uuid4().hex}.v1")
        self.partners = env["res.partner"].create([{"name": "First"}, {"name": "Second"}])
        env.cr.commit()
        self.committed = [self.endpoint, self.event_type, self.partners]

    def open_env(self):
        cursor = db_connect(get_db_name()).cursor()
        self.addCleanup(cursor.close)
        return api.Environment(cursor, SUPERUSER_ID, {})

    def remove_rows(self):
        if not self.committed:
            return
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            deliveries = env["integration.delivery"].search([("endpoint_id", "=", self.endpoint.id)])
            events = deliveries.event_id
            deliveries.unlink()
            events.unlink()
            for rows in self.committed:
                rows.with_env(env).unlink()

    def make_delivery(self, partner, **values):
        env = self.open_env()
        delivery = build_delivery(
            env, self.event_type.with_env(env), self.endpoint.with_env(env), partner.with_env(env), **values
        )
        env.cr.commit()
        return delivery.id

    def take_snapshot(self, env):
        env.cr.execute("SELECT 1 FROM integration_delivery LIMIT 1")

    def claim(self, env, worker, limit=10):
        rows, next_due_at = env["integration.delivery"]._claim_due(worker, limit, {})
        return [row["delivery_id"] for row in rows if row["endpoint_id"] == self.endpoint.id], next_due_at

    def test_a_claim_that_cannot_see_another_claims_leases_gives_nothing_and_asks_to_come_back(self):
        first = self.make_delivery(self.partners[0])
        second = self.make_delivery(self.partners[0])
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(two)
        self.assertEqual(self.claim(one, "worker-1")[0], [first])
        one["integration.delivery"]._apply_outcomes([_parsed(first)])
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
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(one)
        self.take_snapshot(two)
        claimed = self.claim(one, "worker-1")[0]
        one.cr.commit()
        claimed += self.claim(two, "worker-2")[0]
        two.cr.commit()
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
        self.assertEqual(one["integration.delivery"]._apply_outcomes([_parsed(delivery_id)]), [delivery_id])
        one.cr.commit()
        # Not in Odoo's log: the statement holds the endpoint's answer.
        with self.assertRaises(SerializationFailure), self.assertNoLogs("odoo.sql_db", "ERROR"):
            two["integration.delivery"]._apply_outcomes([_parsed(delivery_id, result="failed")])
        # This is what Odoo does for every call from outside: roll back and call again.
        two.cr.rollback()
        two.invalidate_all()
        again = two["integration.delivery"]._apply_outcomes([_parsed(delivery_id, result="failed")])
        self.assertEqual(again, [])
        delivery = two["integration.delivery"].browse(delivery_id)
        self.assertEqual((delivery.state, delivery.attempt_count), ("delivered", 1))

    def test_publication_that_a_report_overtook_is_repeated_by_odoo_and_logs_no_error(self):
        delivery_id = self.make_delivery(self.partners[0])
        one, two = self.open_env(), self.open_env()
        self.assertEqual(self.claim(one, "worker-1")[0], [delivery_id])
        one.cr.commit()
        self.take_snapshot(two)
        one["integration.delivery"]._apply_outcomes([_parsed(delivery_id)])
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


def _parsed(delivery_id, **values):
    return parse_outcome(build_outcome(delivery_id, **values))
