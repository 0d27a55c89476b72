"""Builders for tests of capture, payload and routing: each shows only what matters to its test."""

import json

from odoo import Command
from odoo.tests import TransactionCase


def open_to_others(env, model):
    """Let others than system administrators read a model, so that it may be published; none of our roles."""
    env["ir.model.access"].create(
        {
            "name": f"{model} of others",
            "model_id": env["ir.model"]._get_id(model),
            "group_id": env.ref("base.group_portal").id,
            "perm_read": True,
        }
    )


class CaptureCase(TransactionCase):
    @classmethod
    def new_event_type(cls, model="res.partner", paths=("name",), **values):
        count = cls.env["integration.event.type"].with_context(active_test=False).search_count([])
        return cls.env["integration.event.type"].create(
            {
                "name": "Test event",
                "technical_name": f"test.event_{count}.v1",
                "model_id": cls.env["ir.model"]._get_id(model),
                "trigger": "on_create_or_write",
                "field_ids": [Command.create({"path": path}) for path in paths],
                **values,
            }
        )

    @classmethod
    def new_endpoint(cls, activate=True, **values):
        endpoint = cls.env["integration.endpoint"].create(
            {"name": "Test endpoint", "url": "https://receiver.example.org/hooks", **values}
        )
        if activate:
            endpoint.action_activate()
        return endpoint

    @classmethod
    def subscribe(cls, endpoint, event_type, **values):
        return cls.env["integration.subscription"].create(
            {"endpoint_id": endpoint.id, "event_type_id": event_type.id, **values}
        )

    @classmethod
    def complete(cls):
        """Do what a commit does: complete the events, and count what follows as another transaction."""
        count = cls.env["integration.event"]._complete_captured()
        commit_hook = vars(cls.env.cr).get("commit")
        if hasattr(commit_hook, "give_way"):
            commit_hook.give_way()
        return count

    def innermost_hook(self, records, name):
        """Return the hook on this method that calls the method itself."""
        hook = getattr(type(records), name)
        while hasattr(hook.origin, "origin"):
            hook = hook.origin
        return hook

    def events_of(self, event_type):
        events = self.env["integration.event"].sudo()
        return events.search([("event_type_id", "=", event_type.id)], order="id")

    def payload_of(self, event):
        return json.loads(event.payload)

    def render(self, record, *paths):
        """Return the payload that an event about the record would carry with these fields."""
        self.env.flush_all()
        event_type = self.new_event_type(record._name, paths=paths)
        self.env["integration.event"]._capture(event_type.id, record)
        self.complete()
        event = self.events_of(event_type)
        self.assertFalse(event.error)
        return self.payload_of(event)
