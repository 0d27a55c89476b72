"""Hints are a courtesy: nothing about them may reach whoever saved a document."""

from threading import Thread
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..capture import hint_sender
from ..capture.hint_sender import Hints, HintSender


class FakeRegistry:
    db_name = "test"


@tagged("post_install", "-at_install")
class TestHintSender(BaseCase):
    def setUp(self):
        super().setUp()
        self.sender = HintSender()
        self.sent = []
        self.startPatcher(patch.object(hint_sender, "_send", lambda registry, hints: self.sent.append(hints)))

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
