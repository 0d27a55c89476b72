"""Sends hints from a thread of its own, so that nobody who saves a document waits for them.

What many transactions want to say at about the same time is said once. A hint may be lost,
with the process or with PostgreSQL: who listens polls as well.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass, field

from odoo import SUPERUSER_ID, api
from odoo.orm.environments import Transaction

from .bus_notifier import BusNotifier

_logger = logging.getLogger(__name__)

# Python runs one thread at a time: whoever just committed is to finish first.
PATIENCE_S = 0.002


@dataclass
class Hints:
    wake: bool = False
    documents: set = field(default_factory=set)  # (res_model, res_id)

    def add(self, wake, documents):
        self.wake = self.wake or wake
        self.documents |= documents


class HintSender:
    def __init__(self):
        self.reset()

    def reset(self):
        self.changed = threading.Condition()
        self.waiting = {}  # database → (registry, Hints)
        self.thread = None
        self.notifier = BusNotifier()

    def post(self, registry, hints):
        """Have the hints sent soon. Never blocks, and never raises: the caller's transaction is committed.

        The registry comes along because looking it up by name waits while any database is loaded.
        """
        with self.changed:
            _, waiting = self.waiting.setdefault(registry.db_name, (registry, Hints()))
            waiting.add(hints.wake, hints.documents)
            if self.thread is None or not self.thread.is_alive():
                self.start_thread()
            self.changed.notify()

    def start_thread(self):
        thread = threading.Thread(target=self.send_for_ever, name="integration_monitor.hints", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            # The machine has no more threads to give. The hints wait for the next ones.
            _logger.warning("hints.postponed error=%s", type(error).__name__)
        else:
            self.thread = thread

    def send_for_ever(self):
        while True:
            self.send_waiting()

    def send_waiting(self):
        """Wait for hints and send them; a function of its own, so that nothing keeps a replaced registry."""
        with self.changed:
            self.changed.wait_for(lambda: self.waiting)
        time.sleep(PATIENCE_S)
        with self.changed:
            waiting, self.waiting = self.waiting, {}
        for registry, hints in waiting.values():
            self.send(registry, hints)

    def send(self, registry, hints):
        try:
            with registry.cursor() as cr:
                cr.transaction = Transaction(registry)
                api.Environment(cr, SUPERUSER_ID, {})["integration.bus"]._send_hints(hints)
                channels = self.notifier.take_over(cr)
            self.notifier.notify(channels)
        except Exception as error:  # noqa: BLE001 only hints are lost, and the thread must live on
            _logger.warning("hints.lost database=%s error=%s", registry.db_name, type(error).__name__)


HINT_SENDER = HintSender()
# A forked worker has no thread, and a lock in whatever state it was.
os.register_at_fork(after_in_child=HINT_SENDER.reset)
