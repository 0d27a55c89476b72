"""Who may listen to the hints on the bus.

A hint says only that something changed, but even that is nobody's business who may not read the document.
The sidecar's wake-up channel is a secret by itself and is not limited here.
"""

import re

from odoo import models

from .integration_bus import CROWD_CHANNEL_PREFIX, DOCUMENT_CHANNEL_PREFIX, MONITOR_CHANNEL

DOCUMENT_CHANNEL = re.compile(re.escape(DOCUMENT_CHANNEL_PREFIX) + r"([a-z0-9_.]+)_([1-9][0-9]{0,9})")
ID_MAX = 2**31 - 1


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        allowed = [channel for channel in channels if self._may_listen_to_integration(channel)]
        return super()._build_bus_channel_list([*allowed, *self._find_crowd_channels(allowed)])

    def _find_crowd_channels(self, channels):
        """Where the hints for many documents at once go, of the models whose documents are listened to."""
        matches = [DOCUMENT_CHANNEL.fullmatch(channel) for channel in channels if isinstance(channel, str)]
        bus = self.env["integration.bus"]
        return sorted({bus._crowd_channel(match[1]) for match in matches if match})

    def _may_listen_to_integration(self, channel):
        """Whether the user may listen to ``channel``; True for every channel that is not ours."""
        if not isinstance(channel, str):
            return True
        if channel == MONITOR_CHANNEL:
            return self.env.user._is_internal()
        if channel.startswith(CROWD_CHANNEL_PREFIX):
            return False  # comes with a document of the model, see above
        if not channel.startswith(DOCUMENT_CHANNEL_PREFIX):
            return True
        match = DOCUMENT_CHANNEL.fullmatch(channel)
        if not match or match[1] not in self.env or int(match[2]) > ID_MAX:
            return False
        model = self.env[match[1]]
        if model._abstract or model._transient or not model.has_access("read"):
            return False
        document = model.browse(int(match[2])).exists()
        return bool(document) and document.has_access("read")
