"""Events of tests: real content, put together when a person asks for it."""

import uuid

from odoo import api, models

from ..capture.event_content import render_events
from ..capture.event_rows import CapturedEvent


class IntegrationEvent(models.Model):
    _name = "integration.event"
    _inherit = ["integration.event", "integration.test.row"]

    @api.model
    def _make_test(self, event_type, record):
        """Make an event that says it is a test, with the content the record has now."""
        content = self._render_test(event_type, record)
        self.env.cr.execute("SELECT nextval('integration_event_sequence')")
        [sequence] = self.env.cr.fetchone()
        now = self.env["integration.delivery"]._now()
        # sudo: nobody has write access to events; the endpoint has checked who may send tests
        return self.sudo().create(
            {
                "is_test": True,
                "event_id": str(uuid.uuid4()),
                "event_type_id": event_type.id,
                "res_model": record._name,
                "res_id": record.id,
                "record_name": content.record_name or record.display_name,
                "company_id": content.company_id,
                "payload": content.payload,
                "error": content.error,
                "occurred_at": now,
                "recorded_at": now,
                "actor_id": self.env.uid,
                "correlation_id": str(uuid.uuid4()),
                "sequence": sequence,
                "state": "error" if content.error else "recorded",
            }
        )

    @api.model
    def _render_test(self, event_type, record):
        """The content that an event about the record would have now, as CapturedEvent; nothing is stored."""
        env = self._completion_env()
        content = CapturedEvent(0, event_type.id, record._name, record.id, None, None, None, None, None)
        plan = self.env["integration.capture.revision"]._find_plan()
        self.env.flush_all()
        render_events(env, plan.event_types[event_type.id], {record.id: content}, record.with_env(env))
        return content
