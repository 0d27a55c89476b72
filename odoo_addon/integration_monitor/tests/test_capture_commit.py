"""Real transactions: what is there after a commit, and what is not after a rollback."""

import contextlib
import time

import psycopg2

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, TransactionCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..capture.commit_hook import ROUNDS_MAX

HINTS_DEADLINE_S = 10


class Undo(Exception):
    pass


@tagged("post_install", "-at_install")
class TestCaptureCommit(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            event_type = env["integration.event.type"].create(
                {
                    "name": "Commit test",
                    "technical_name": "test.commit.v1",
                    "model_id": env["ir.model"]._get_id("res.bank"),
                    "trigger": "on_create_or_write",
                    "field_ids": [Command.create({"path": "name"}), Command.create({"path": "bic"})],
                }
            )
            endpoint = env["integration.endpoint"].create(
                {"name": "Commit test", "url": "https://receiver.example.org/hooks"}
            )
            endpoint.action_activate()
            env["integration.subscription"].create(
                {"endpoint_id": endpoint.id, "event_type_id": event_type.id}
            )
            self.event_type_id, self.endpoint_id = event_type.id, endpoint.id
        self.addCleanup(self.remove_everything)

    @contextlib.contextmanager
    def transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def remove_everything(self):
        with self.transaction() as env:
            event_type = env["integration.event.type"].browse(self.event_type_id)
            event_type.active = False
            env["res.bank"].search([("name", "=like", "Commit test%")]).unlink()
        with self.transaction() as env:
            env["integration.delivery"].search([("endpoint_id", "=", self.endpoint_id)]).unlink()
            env["integration.event"].search([("event_type_id", "=", self.event_type_id)]).unlink()
            env["integration.endpoint"].browse(self.endpoint_id).unlink()
            env["integration.event.type"].browse(self.event_type_id).unlink()
        self.registry.clear_all_caches()

    def read_events(self):
        """Return [(state, payload name, number of deliveries)] as another transaction sees them."""
        with self.transaction() as env:
            env.cr.execute(
                """SELECT e.state, e.payload::json->>'name', count(d.id)
                     FROM integration_event e LEFT JOIN integration_delivery d ON d.event_id = e.id
                    WHERE e.event_type_id = %s GROUP BY e.id ORDER BY e.id""",
                (self.event_type_id,),
            )
            return env.cr.fetchall()

    def test_a_commit_completes_what_it_commits(self):
        with self.transaction() as env:
            env["res.bank"].create({"name": "Commit test"})
            self.assertFalse(self.read_events(), "before the commit nobody sees anything")
        self.assertEqual(self.read_events(), [("recorded", "Commit test", 1)])

    def test_a_full_rollback_leaves_no_event(self):
        with contextlib.suppress(Undo), self.transaction() as env:
            env["res.bank"].create({"name": "Commit test"})
            env.flush_all()
            raise Undo
        self.assertFalse(self.read_events())

    def test_only_what_survives_its_savepoint_is_committed(self):
        with self.transaction() as env:
            kept = env["res.bank"].create({"name": "Commit test kept"})
            with contextlib.suppress(Undo), env.cr.savepoint():
                env["res.bank"].create({"name": "Commit test undone"})
                raise Undo
            savepoint = env.cr.savepoint(flush=False)
            env["res.bank"].create({"name": "Commit test undone too"})
            env.flush_all()
            savepoint.close(rollback=True)
            kept.name = "Commit test final"
        self.assertEqual(self.read_events(), [("recorded", "Commit test final", 1)])

    def test_the_values_of_the_last_flush_are_sent(self):
        with self.transaction() as env:
            bank = env["res.bank"].create({"name": "Commit test"})
            env.cr.precommit.add(lambda: bank.write({"name": "Commit test by hook"}))
        self.assertEqual(self.read_events(), [("recorded", "Commit test by hook", 1)])

    def test_a_cursor_that_goes_on_after_a_commit_captures_again(self):
        with self.transaction() as env:
            bank = env["res.bank"].create({"name": "Commit test 1"})
            env.cr.commit()
            self.assertNotIn("commit", vars(env.cr), "nothing of ours is left on the cursor")
            bank.name = "Commit test 2"
            env.cr.commit()
            bank.name = "Commit test 3"
            env.cr.rollback()
            bank.name = "Commit test 4"
        self.assertEqual(
            [name for _state, name, _count in self.read_events()],
            ["Commit test 1", "Commit test 2", "Commit test 4"],
        )

    def test_a_failing_commit_can_be_tried_again(self):
        with self.transaction() as env:
            env["res.bank"].create({"name": "Commit test lost"})

            def fail():
                raise Undo

            env.cr.precommit.add(fail)
            with self.assertRaises(Undo):
                env.cr.commit()
            env.cr.rollback()
            env["res.bank"].create({"name": "Commit test kept"})
        self.assertEqual(self.read_events(), [("recorded", "Commit test kept", 1)])

    def test_committing_a_transaction_that_postgresql_gave_up_does_what_it_does_without_us(self):
        with self.transaction() as env:
            env["res.bank"].create({"name": "Commit test lost"})
            env.flush_all()
            with self.assertRaises(psycopg2.errors.DivisionByZero):
                env.cr.execute("SELECT 1 / 0", log_exceptions=False)
            env.cr.commit()
            env["res.bank"].create({"name": "Commit test kept"})
        self.assertEqual(self.read_events(), [("recorded", "Commit test kept", 1)])

    def test_rows_that_a_bare_commit_left_behind_are_completed_by_the_next_claim(self):
        with self.transaction() as env:
            env["res.bank"].create({"name": "Commit test orphan"})
            env.flush_all()
            env.cr._cnx.commit()
            env.cr.rollback()
        self.assertEqual(self.read_events(), [("captured", None, 0)])
        with self.transaction() as env:
            self.assertEqual(env["integration.event"]._complete_orphans(), 1)
        self.assertEqual(self.read_events(), [("recorded", "Commit test orphan", 1)])

    def test_events_that_completion_itself_causes_end_after_a_bounded_number_of_rounds(self):
        with self.transaction() as env:
            bank = env["res.bank"].create({"name": "Commit test"})
            hook = env.cr.commit
            complete, rounds = hook.complete, []

            def complete_and_change(cr):
                rounds.append(complete(cr))
                bank.write({"bic": f"BIC{len(rounds)}"})
                return rounds[-1]

            hook.complete = complete_and_change
            with self.assertLogs("odoo.addons.integration_monitor.capture.commit_hook", "WARNING"):
                env.cr.commit()
        self.assertEqual(len(rounds), ROUNDS_MAX)

    def test_a_refused_archiving_leaves_the_event_type_at_work(self):
        with contextlib.suppress(Undo), self.transaction() as env:
            env["integration.event.type"].browse(self.event_type_id).active = False
            raise Undo
        with self.transaction() as env:
            env["res.bank"].create({"name": "Commit test"})
        self.assertEqual(self.read_events(), [("recorded", "Commit test", 1)])

    def test_the_wake_up_and_the_hints_are_sent_with_the_commit_and_once(self):
        with self.transaction() as env:
            env.cr.execute("SELECT coalesce(max(id), 0) FROM bus_bus")
            last_id = env.cr.fetchone()[0]
            env["res.bank"].create([{"name": f"Commit test {number}"} for number in range(3)])
        messages = self.wait_for_messages(last_id, 5)
        for kind, count in (("wake", 1), ("changed", 1), ("document_changed", 3)):
            self.assertEqual(sum(f'"integration_monitor.{kind}"' in text for text in messages), count, kind)

    def wait_for_messages(self, last_id, count):
        """Return the bus messages after `last_id` when there are `count` or more: a thread sends them."""
        deadline = time.monotonic() + HINTS_DEADLINE_S
        while True:
            with self.transaction() as env:
                messages = env["bus.bus"].search([("id", ">", last_id)]).mapped("message")
            if len(messages) >= count or time.monotonic() > deadline:
                return messages

    def test_a_delivery_that_a_sidecar_took_meanwhile_does_not_spoil_the_commit(self):
        with self.transaction() as env:
            env["integration.subscription"].search(
                [("endpoint_id", "=", self.endpoint_id)]
            ).ordering = "latest_only"
            bank_ids = env["res.bank"].create([{"name": f"Commit test {number}"} for number in range(2)]).ids
        with self.transaction() as env:
            env["res.bank"].browse(bank_ids).write({"bic": "NEW"})
            env.flush_all()
            with self.transaction() as other:
                other.cr.execute(
                    """UPDATE integration_delivery SET lease_until = now() + interval '1 hour'
                        WHERE endpoint_id = %s AND res_id = %s""",
                    (self.endpoint_id, bank_ids[0]),
                )
        with self.transaction() as env:
            env.cr.execute(
                "SELECT res_id, state FROM integration_delivery WHERE endpoint_id = %s ORDER BY res_id, id",
                (self.endpoint_id,),
            )
            self.assertEqual(
                env.cr.fetchall(),
                [
                    (bank_ids[0], "pending"),
                    (bank_ids[0], "pending"),
                    (bank_ids[1], "superseded"),
                    (bank_ids[1], "pending"),
                ],
            )

    def test_an_endpoint_that_was_deleted_meanwhile_does_not_spoil_the_commit(self):
        with self.transaction() as env:
            endpoint = env["integration.endpoint"].create(
                {"name": "Commit test gone", "url": "https://receiver.example.org/hooks"}
            )
            endpoint.action_activate()
            env["integration.subscription"].create(
                {"endpoint_id": endpoint.id, "event_type_id": self.event_type_id}
            )
            gone_id = endpoint.id
        with mute_logger("odoo.sql_db"), self.transaction() as env:
            env["res.bank"].create({"name": "Commit test"})
            env.flush_all()
            with self.transaction() as other:
                other["integration.endpoint"].browse(gone_id).unlink()
        self.assertEqual(self.read_events(), [("captured", None, 0)])
        with self.transaction() as env:
            env["integration.event"]._complete_orphans()
        self.assertEqual(self.read_events(), [("recorded", "Commit test", 1)])

    def test_numbers_of_one_record_follow_the_order_of_commits(self):
        with self.transaction() as env:
            bank_id = env["res.bank"].create({"name": "Commit test"}).id
        for number in range(3):
            with self.transaction() as env:
                env["res.bank"].browse(bank_id).name = f"Commit test {number}"
        with self.transaction() as env:
            events = env["integration.event"].search([("event_type_id", "=", self.event_type_id)], order="id")
            self.assertEqual(events.sorted("sequence"), events)
            self.assertEqual(len(set(events.mapped("correlation_id"))), 4)


@tagged("post_install", "-at_install")
class TestCaptureTestCursor(TransactionCase):
    def test_the_cursor_of_browser_tests_completes_on_commit_too(self):
        event_type = self.env["integration.event.type"].create(
            {
                "name": "Test cursor",
                "technical_name": "test.cursor.v1",
                "trigger": "on_create",
                "model_id": self.env["ir.model"]._get_id("res.bank"),
            }
        )
        self.env.flush_all()
        self.registry_enter_test_mode()
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["res.bank"].create({"name": "Kept"})
        with contextlib.suppress(Undo), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["res.bank"].create({"name": "Undone"})
            raise Undo
        events = self.env["integration.event"].search([("event_type_id", "=", event_type.id)])
        self.assertEqual(events.mapped("record_name"), ["Kept"])
        self.assertEqual(events.state, "recorded")
