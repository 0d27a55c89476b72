"""Builders for tests of bulk operations: the operation as a person would make it."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user

from ..models import integration_bulk_operation_run as run
from .delivery_case import DeliveryCase

RANGE = ("2020-01-01 00:00:00", "2099-01-01 00:00:00")


class BulkCase(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = new_test_user(
            cls.env, "bulk_operator", groups="integration_monitor.group_operator", email=False
        )

    def prepare(self, kind, deliveries, user=None):
        """The draft that a person gets for these deliveries."""
        operations = self.env["integration.bulk.operation"].with_user(user or self.operator)
        return operations._prepare(kind, [("id", "in", deliveries.ids)])

    def prepare_replay(self, kind="replay_original", endpoint=None, time_range=RANGE, event_types=None):
        start, end = map(fields.Datetime.to_datetime, time_range)
        return (
            self.env["integration.bulk.operation"]
            .with_user(self.operator)
            ._prepare_replay(
                kind,
                (endpoint or self.endpoint).with_user(self.operator),
                start,
                end,
                event_types or self.env["integration.event.type"],
            )
        )

    @contextmanager
    def in_chunks_of(self, count):
        """Many deliveries, seen from the code: more than are done at once, in chunks of ``count``."""
        module = "odoo.addons.integration_monitor.models.integration_bulk_operation"
        with (
            patch(f"{module}.AT_ONCE_MAX", 0),
            patch.object(run, "CHUNK", count),
            patch.object(run, "CHUNK_CURRENT", count),
        ):
            yield

    def run_cron(self):
        """Run the scheduled action the way Odoo does."""
        self.flush()
        with self.enter_registry_test_mode():
            self.env.ref("integration_monitor.ir_cron_bulk").method_direct_trigger()
        self.env.invalidate_all()

    def failed_deliveries(self, count, **values):
        return self.env["integration.delivery"].concat(
            *(
                self.deliver_to(record=partner, state="failed", **values)
                for partner in self.new_partners(count)
            )
        )

    def delivered_deliveries(self, count):
        deliveries = self.env["integration.delivery"].concat(
            *(
                self.deliver_to(record=partner, state="delivered", attempt_count=1)
                for partner in self.new_partners(count)
            )
        )
        deliveries.delivered_at = fields.Datetime.now()
        return deliveries
