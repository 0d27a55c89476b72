"""Hints on Odoo's bus: each says "look again" and carries no business data.

At most one notification per channel and transaction: channels are collected with
the pre-commit data and sent by one hook. A hint may be lost or sent without need;
who listens re-reads, and the sidecar polls as well.

Whoever saves a document does not wait for the hints of its events: sending one makes a row,
and a new connection to PostgreSQL after the commit, which together take as long as saving a
contact. A thread does it (``capture/hint_sender.py``).
"""

import uuid

from odoo import api, models

from ..capture.hint_sender import HINT_SENDER, Hints

WAKE_CHANNEL_PARAMETER = "integration_monitor.wake_channel"
MONITOR_CHANNEL = "integration_monitor.monitor"
DOCUMENT_CHANNEL_PREFIX = "integration_monitor.document_"
CROWD_CHANNEL_PREFIX = "integration_monitor.documents_"
# Beyond it, one hint for the model costs less than one row on the bus for each document, and says as much.
DOCUMENTS_MAX = 20
PENDING_KEY = "integration_monitor.hints"
AFTER_COMMIT_KEY = "integration_monitor.hints_after_commit"


class IntegrationBus(models.AbstractModel):
    _name = "integration.bus"
    _description = "Integration bus hints"

    @api.model
    def _wake_channel(self):
        """Return the unguessable channel the sidecar listens on, made at first need."""
        parameters = self.env["ir.config_parameter"].sudo()
        channel = parameters.get_param(WAKE_CHANNEL_PARAMETER)
        if not channel:
            channel = str(uuid.uuid4())
            parameters.set_param(WAKE_CHANNEL_PARAMETER, channel)
        return channel

    @api.model
    def _document_channel(self, res_model, res_id):
        return f"{DOCUMENT_CHANNEL_PREFIX}{res_model}_{res_id}"

    @api.model
    def _crowd_channel(self, res_model):
        return f"{CROWD_CHANNEL_PREFIX}{res_model}"

    @api.model
    def _wake_sidecar(self):
        """Tell the sidecar that deliveries became due."""
        self._send_once(self._wake_channel(), "integration_monitor.wake", {})

    @api.model
    def _call_sidecars(self):
        """Tell the sidecars that one of them came or went, so that they shake hands at once."""
        self._send_once(self._wake_channel(), "integration_monitor.workers", {})

    @api.model
    def _hint_monitor(self):
        """Tell open monitors (overview, inbox, systray) to look again."""
        self._send_once(MONITOR_CHANNEL, "integration_monitor.changed", {})

    @api.model
    def _hint_documents(self, pairs):
        """Tell open documents to look again.

        Many documents of one model are told together, with the ``res_id`` 0: whoever listens to a document
        also hears that (see ``ir_websocket.py``).

        :param pairs: iterable of (res_model, res_id)
        """
        ids_by_model = {}
        for res_model, res_id in pairs:
            ids_by_model.setdefault(res_model, set()).add(res_id)
        for res_model, res_ids in ids_by_model.items():
            is_crowd = len(res_ids) > DOCUMENTS_MAX
            for res_id in [0] if is_crowd else sorted(res_ids):
                self._send_once(
                    self._crowd_channel(res_model) if is_crowd else self._document_channel(res_model, res_id),
                    "integration_monitor.document_changed",
                    {"res_model": res_model, "res_id": res_id},
                )

    @api.model
    def _hint_after_commit(self, wake, documents):
        """Send hints soon after this transaction is committed, and not at all if it is not.

        :param bool wake: whether deliveries became due
        :param documents: set of (res_model, res_id)
        """
        postcommit, registry = self.env.cr.postcommit, self.env.registry
        if AFTER_COMMIT_KEY not in postcommit.data:
            hints = postcommit.data[AFTER_COMMIT_KEY] = Hints()
            postcommit.add(lambda: HINT_SENDER.post(registry, hints))
        postcommit.data[AFTER_COMMIT_KEY].add(wake, documents)

    @api.model
    def _send_hints(self, hints):
        if hints.wake:
            self._wake_sidecar()
        self._hint_documents(sorted(hints.documents))
        self._hint_monitor()

    @api.model
    def _send_once(self, channel, notification_type, payload):
        sent = self.env.cr.precommit.data.setdefault(PENDING_KEY, set())
        if channel not in sent:
            sent.add(channel)
            self.env["bus.bus"]._sendone(channel, notification_type, payload)
