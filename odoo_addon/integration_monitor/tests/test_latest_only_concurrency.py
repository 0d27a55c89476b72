"""Where only the latest counts, nothing newer comes between the check of a replay and its sending."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..capture.event_rows import LOCK_BUCKETS, LOCK_NAMESPACE
from .concurrency_case import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestLatestOnlyConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        env = self.open_env()
        self.subscription = env["integration.subscription"].create(
            {
                "endpoint_id": self.endpoint.id,
                "event_type_id": self.event_type.id,
                "ordering": "latest_only",
            }
        )
        env.cr.commit()
        self.committed.insert(0, self.subscription)

    def find_delivery(self, env, delivery_id):
        return env["integration.delivery"].browse(delivery_id)

    def is_free(self, record):
        """Whether somebody could record an event of this record now."""
        cr = self.open_env().cr
        cr.execute(
            SQL(
                "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s) & %s)",
                LOCK_NAMESPACE,
                f"{record._name},{record.id}",
                LOCK_BUCKETS - 1,
            )
        )
        return cr.fetchone()[0]

    def test_a_replay_sees_a_newer_event_that_came_after_its_transaction_began(self):
        older_id = self.make_delivery(self.partners[0], state="delivered")
        late = self.open_env()
        self.take_snapshot(late)
        self.make_delivery(self.partners[0])
        with self.assertRaisesRegex(UserError, "IM_REPLAY_NOTHING: .*newer event"):
            self.find_delivery(late, older_id).action_replay()

    def test_a_retry_sees_a_newer_event_that_came_after_its_transaction_began(self):
        older_id = self.make_delivery(self.partners[0], state="expired")
        late = self.open_env()
        self.take_snapshot(late)
        self.make_delivery(self.partners[0])
        with self.assertRaisesRegex(UserError, "IM_RETRY_NOTHING: .*newer event"):
            self.find_delivery(late, older_id).action_retry()

    def test_events_of_a_record_wait_until_its_replay_is_committed(self):
        older_id = self.make_delivery(self.partners[0], state="delivered")
        env = self.open_env()
        self.find_delivery(env, older_id).action_replay()
        self.assertFalse(self.is_free(self.partners[0]))
        env.cr.rollback()
        self.assertTrue(self.is_free(self.partners[0]))

    def test_where_every_event_counts_nobody_waits_for_a_replay(self):
        env = self.open_env()
        env["integration.subscription"].browse(self.subscription.id).ordering = "per_record"
        env.cr.commit()
        older_id = self.make_delivery(self.partners[0], state="delivered")
        env = self.open_env()
        self.find_delivery(env, older_id).action_replay()
        self.assertTrue(self.is_free(self.partners[0]))
