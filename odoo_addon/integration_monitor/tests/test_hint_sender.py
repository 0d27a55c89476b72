"""Hints are a courtesy: nothing about them may reach whoever saved a document."""

import select
from threading import Thread
from unittest.mock import patch

import psycopg2

from odoo.modules.registry import Registry
from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..capture import hint_sender
from ..capture.bus_notifier import BUS_DATABASE
from ..capture.hint_sender import Hints, HintSender


class FakeRegistry:
    db_name = "test"


@tagged("post_install", "-at_install")
class TestHintSender(BaseCase):
    def setUp(self):
        super().setUp()
        self.sender = HintSender()
        self.sent = []
        self.startPatcher(patch.object(self.sender, "send", lambda registry, hints: self.sent.append(hints)))

    def post(self, *documents):
        self.sender.post(FakeRegistry(), Hints(wake=True, documents=set(documents)))

    @mute_logger(hint_sender.__name__)
    def test_a_machine_without_threads_keeps_the_hints_for_the_next_ones(self):
        with patch.object(Thread, "start", side_effect=RuntimeError("can't start new thread")):
            self.post(("res.partner", 1))
        with patch.object(Thread, "start"):
            self.post(("res.partner", 2))
        self.sender.send_waiting()
        self.assertEqual([hints.documents for hints in self.sent], [{("res.partner", 1), ("res.partner", 2)}])

    def test_a_thread_that_ended_is_replaced(self):
        with patch.object(Thread, "start") as start:
            self.post()
            self.post()
        self.assertEqual(start.call_count, 2)


@tagged("post_install", "-at_install")
class TestHintOnTheWire(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.listener = psycopg2.connect(**connection_info_for(BUS_DATABASE)[1])
        self.addCleanup(self.listener.close)
        self.listener.autocommit = True
        with self.listener.cursor() as cursor:
            cursor.execute("LISTEN imbus")
        self.sender = HintSender()

    def send(self, res_id):
        """Send a hint about a contact; return whether listeners were told."""
        self.sender.send(self.registry, Hints(wake=True, documents={("res.partner", res_id)}))
        wanted = f"integration_monitor.document_res.partner_{res_id}"
        deadline_s = 10
        while select.select([self.listener], [], [], deadline_s)[0]:
            self.listener.poll()
            if any(wanted in notification.payload for notification in self.listener.notifies):
                return True
        return False

    def test_listeners_are_told_over_one_connection_and_again_after_it_was_cut(self):
        self.assertTrue(self.send(2_000_000_001))
        connection = self.sender.notifier.connection
        self.assertTrue(self.send(2_000_000_002))
        self.assertIs(self.sender.notifier.connection, connection)
        with self.listener.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        self.assertTrue(self.send(2_000_000_003))
        self.assertIsNot(self.sender.notifier.connection, connection)

    def test_the_rows_are_there_when_listeners_are_told(self):
        self.assertTrue(self.send(2_000_000_004))
        with self.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM bus_bus WHERE channel LIKE %s", ["%res.partner_2000000004%"])
            self.assertEqual(cr.fetchone(), (1,))
            cr.execute("DELETE FROM bus_bus WHERE channel LIKE %s", ["%res.partner_20000000%"])
            cr.commit()
