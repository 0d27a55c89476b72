"""Builders for the tests of deliveries: they show only what matters to the test."""

import json
import uuid
from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

WORKER = "worker-1"


def build_event_type(env, *, model="res.partner", domain="master_data", name="odoo.test.partner.changed.v1"):
    """An event type that never fires by itself: the tests make their own events."""
    return env["integration.event.type"].create(
        {
            "name": "Test event",
            "technical_name": name,
            "model_id": env["ir.model"]._get_id(model),
            "business_domain": domain,
            "active": False,
        }
    )


def pause_other_endpoints(env):
    """Keep the deliveries of a database with data of its own out of the test's claims."""
    env["integration.endpoint"].search([("state", "=", "active")]).write({"state": "paused"})
    # Nor is the time since the last claim of that database, or of another test, an outage.
    env["integration.claim.gate"].search([]).write({"last_turn_at": False, "steady_since": False})


def build_endpoint(env, name="Receiver", **values):
    endpoint = env["integration.endpoint"].create({"name": name, "url": "https://receiver.example", **values})
    endpoint.action_activate()
    return endpoint


def build_delivery(env, event_type, endpoint, record, **values):
    """A delivery of a new event about ``record``, due since a minute unless said otherwise."""
    env.cr.execute("SELECT nextval('integration_event_sequence')")
    sequence = env.cr.fetchone()[0]
    company_id = values.pop("company_id", env.company.id)
    common = {
        "event_type_id": event_type.id,
        "res_model": record._name,
        "res_id": record.id,
        "record_name": record.display_name,
        "company_id": company_id,
        "sequence": sequence,
    }
    event = env["integration.event"].create(
        {
            **common,
            "event_id": str(uuid.uuid4()),
            "payload": json.dumps({"id": record.id}),
            "occurred_at": fields.Datetime.now(),
            "recorded_at": fields.Datetime.now(),
            "correlation_id": str(uuid.uuid4()),
            "actor_id": env.uid,
            "state": "recorded",
        }
    )
    return env["integration.delivery"].create(
        {
            **common,
            "event_id": event.id,
            "endpoint_id": endpoint.id,
            "next_attempt_at": fields.Datetime.now() - timedelta(minutes=1),
            **values,
        }
    )


def build_outcome(delivery_id, attempt_number=1, result="delivered", **values):
    """An outcome as a sidecar reports it."""
    outcome = {
        "delivery_id": delivery_id,
        "attempt_number": attempt_number,
        "result": result,
        "started_at": "2026-11-20T08:31:54.123Z",
        "duration_ms": 12,
        "status_code": {"delivered": 200, "retry": 503, "failed": 422, "returned": 0}[result],
        "failure_class": {"retry": "server_error", "failed": "contract"}.get(result, False),
        "error": False if result in ("delivered", "returned") else f"The endpoint answered {result}",
        "response_excerpt": "ok" if result == "delivered" else "no",
        "stop_endpoint": False,
        "worker": WORKER,
    }
    if result == "retry":
        outcome["retry_delay_s"] = 30
    return {**outcome, **values}


class DeliveryCase(TransactionCase):
    """One event type on contacts, one active endpoint, and the sidecar's service account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pause_other_endpoints(cls.env)
        cls.event_type = build_event_type(cls.env)
        cls.endpoint = build_endpoint(cls.env)
        cls.partner = cls.env["res.partner"].create({"name": "Mercy Hospital"})
        cls.service_user = new_test_user(
            cls.env, "test_sidecar", groups="integration_monitor.group_sidecar", email=False
        )
        cls.door = cls.env["integration.sidecar"].with_user(cls.service_user)

    @classmethod
    def deliver_to(cls, endpoint=None, record=None, **values):
        return build_delivery(
            cls.env, cls.event_type, endpoint or cls.endpoint, record or cls.partner, **values
        )

    @classmethod
    def new_partners(cls, count):
        return cls.env["res.partner"].create([{"name": f"Contact {number}"} for number in range(count)])

    def claim(self, limit=100, credits=None, worker=WORKER):
        return self.door.claim(worker=worker, limit=limit, credits=credits or {})["claims"]

    def claim_ids(self, **arguments):
        return [claim["delivery_id"] for claim in self.claim(**arguments)]

    def publish(self, claims):
        return self.door.published(
            worker=WORKER,
            claims=[{key: claim[key] for key in ("delivery_id", "attempt_number")} for claim in claims],
        )["queued"]

    def report(self, *outcomes):
        return self.door.report(outcomes=list(outcomes))

    def refuse(self, delivery, **values):
        """Let the endpoint refuse the delivery for good."""
        number = delivery.attempt_count + 1
        self.assertEqual(
            self.report(build_outcome(delivery.id, number, "failed", **values))["applied"], delivery.ids
        )

    def flush(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
