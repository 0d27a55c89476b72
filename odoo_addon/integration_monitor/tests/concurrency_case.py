"""Committed rows and real connections, for tests in which transactions meet."""

import uuid

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name

from ..models.sidecar_arguments import parse_outcome
from .delivery_case import build_delivery, build_endpoint, build_event_type, build_outcome


class ConcurrencyCase(BaseCase):
    """Works with committed rows, because a test transaction cannot meet itself; removes them afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Cleanups run in reverse: first every cursor is closed, since open transactions keep rows locked.
        self.committed = []
        self.addCleanup(self.remove_rows)
        env = self.open_env()
        self.endpoint = build_endpoint(env, "Concurrent", window=100)
        self.event_type = build_event_type(env, name=f"odoo.test.concurrent_{uuid.uuid4().hex}.v1")
        self.partners = env["res.partner"].create([{"name": "First"}, {"name": "Second"}])
        env.cr.commit()
        self.committed = [self.endpoint, self.event_type, self.partners]

    def open_env(self):
        cursor = db_connect(get_db_name()).cursor()
        self.addCleanup(cursor.close)
        return api.Environment(cursor, SUPERUSER_ID, {})

    def remove_rows(self):
        if not self.committed:
            return
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            deliveries = env["integration.delivery"].search([("endpoint_id", "=", self.endpoint.id)])
            events = deliveries.event_id
            deliveries.unlink()
            events.unlink()
            for rows in self.committed:
                rows.with_env(env).unlink()

    def make_delivery(self, partner, **values):
        env = self.open_env()
        delivery = build_delivery(
            env, self.event_type.with_env(env), self.endpoint.with_env(env), partner.with_env(env), **values
        )
        env.cr.commit()
        return delivery.id

    def take_snapshot(self, env):
        env.cr.execute("SELECT 1 FROM integration_delivery LIMIT 1")

    def claim(self, env, worker, limit=10):
        rows, next_due_at = env["integration.delivery"]._claim_due(worker, limit, {})
        return [row["delivery_id"] for row in rows if row["endpoint_id"] == self.endpoint.id], next_due_at

    def claim_twice_with_one_snapshot(self):
        """Two workers claim, neither seeing the other. Returns the ids of both and the second environment."""
        one, two = self.open_env(), self.open_env()
        self.take_snapshot(one)
        self.take_snapshot(two)
        claimed = self.claim(one, "worker-1")[0]
        one.cr.commit()
        claimed += self.claim(two, "worker-2")[0]
        two.cr.commit()
        return claimed, two


def parse_new_outcome(delivery_id, **values):
    return parse_outcome(build_outcome(delivery_id, **values))
