"""What an event says, laid out for people."""

import json

from odoo import api, fields, models


class IntegrationEvent(models.Model):
    _inherit = "integration.event"

    content = fields.Text(compute="_compute_content", help="The data part of the event, one value per line.")

    @api.depends("payload")
    def _compute_content(self):
        for event in self:
            payload = json.loads(event.payload) if event.payload else None
            event.content = payload and json.dumps(payload, indent=2, ensure_ascii=False)
