"""The catalogue's figures: who receives an event type, when it was last sent, how often."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..models import integration_event_type_use as use
from .delivery_case import DeliveryCase, build_endpoint


@tagged("post_install", "-at_install")
class TestEventTypeUse(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()

    def took(self, days_ago, **values):
        return self.deliver_to(state="delivered", delivered_at=self.now - timedelta(days=days_ago), **values)

    def test_receivers_are_the_endpoints_that_are_subscribed_now(self):
        subscriptions = self.env["integration.subscription"]
        values = {"event_type_id": self.event_type.id}
        subscriptions.create({**values, "endpoint_id": self.endpoint.id})
        other = build_endpoint(self.env, "Another")
        left = subscriptions.create({**values, "endpoint_id": other.id})
        self.event_type.invalidate_recordset()
        self.assertEqual(self.event_type.receiver_ids, self.endpoint + other)
        left.active = False
        self.event_type.invalidate_recordset()
        self.assertEqual(self.event_type.receiver_ids, self.endpoint)
        self.endpoint.active = False
        self.event_type.invalidate_recordset()
        self.assertFalse(self.event_type.receiver_ids)

    def test_only_what_was_taken_counts_and_only_of_late(self):
        self.assertEqual((self.event_type.last_sent_at, self.event_type.sent_recently), (False, "0"))
        self.took(1)
        self.took(3)
        self.took(8)
        self.deliver_to(state="failed")
        self.event_type.invalidate_recordset()
        self.assertEqual(self.event_type.last_sent_at, self.now - timedelta(days=1))
        self.assertEqual(self.event_type.sent_recently, "2")

    def test_what_other_companies_sent_is_not_told(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.took(1, company_id=company.id)
        viewer = new_test_user(self.env, "use_viewer", groups="integration_monitor.group_user", email=False)
        self.assertFalse(self.event_type.with_user(viewer).last_sent_at)

    def test_many_are_counted_up_to_a_bound(self):
        self.patch(use, "COUNT_MAX", 2)
        for days in (1, 2, 3):
            self.took(days)
        self.assertEqual(self.event_type.sent_recently, "more than 2")

    def test_the_catalogue_costs_the_same_for_any_number_of_types(self):
        types = self.env["integration.event.type"]
        names = ["receiver_ids", "last_sent_at", "sent_recently"]
        more = types.create(
            [
                {
                    "name": f"More {number}",
                    "technical_name": f"test.more_{number}.v1",
                    "model_id": self.event_type.model_id.id,
                }
                for number in range(8)
            ]
        )
        self.event_type.read(names)
        counts = []
        for some in (more[:1], more):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
