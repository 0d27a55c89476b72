"""Capturing and completing cost a handful of statements, however many records change at once."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..capture import model_hooks
from .common import CaptureCase

# What may differ: Odoo splits some reads of many records.
TOLERANCE = 2


@tagged("post_install", "-at_install")
class TestCaptureCost(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type(
            paths=("name", "email", "country_id", "company_id", "category_id.name", "parent_id.ref"),
            filter_domain="[('name', 'like', 'Cost')]",
        )
        cls.subscribe(cls.new_endpoint(), cls.event_type)
        cls.subscribe(
            cls.new_endpoint(name="Latest"),
            cls.event_type,
            ordering="latest_only",
            filter_domain="[('country_id.code', '=', 'BE')]",
        )
        cls.parent = cls.env["res.partner"].create({"name": "Parent", "ref": "P"})
        cls.values = {
            "parent_id": cls.parent.id,
            "country_id": cls.env.ref("base.be").id,
            "category_id": [(0, 0, {"name": "Cost tag"})],
        }
        cls.env["integration.event"]._complete_captured()

    def count_statements(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step()
        return self.env.cr.sql_log_count - before

    def test_completing_500_events_costs_as_much_as_completing_one(self):
        def complete(count):
            self.env["res.partner"].create([{"name": f"Cost {n}", **self.values} for n in range(count)])
            return self.count_statements(self.complete)

        complete(1)  # fills the caches that live as long as the process
        one, many = complete(1), complete(500)
        self.assertLessEqual(many, one + TOLERANCE, f"{one} for 1, {many} for 500")
        self.assertEqual(len(self.events_of(self.event_type)), 502)
        self.assertEqual(len(self.events_of(self.event_type).delivery_ids), 1004)

    def test_capturing_500_changes_costs_one_statement(self):
        partners = self.env["res.partner"].create([{"name": f"Cost {n}"} for n in range(500)])
        self.complete()
        capture = self.env["integration.event"]._capture
        self.assertEqual(self.count_statements(lambda: capture(self.event_type.id, partners)), 1)

    def test_an_event_type_adds_no_statement_per_record_to_a_save(self):
        def save(count):
            partners = self.env["res.partner"].create([{"name": f"Cost {n}"} for n in range(count)])
            self.complete()

            def write():
                partners.write({"email": "cost@example.org"})
                self.env.flush_all()

            return self.count_statements(write)

        save(1)
        one, many = save(1), save(500)
        self.patch(type(self.env["integration.event"]), "_capture", lambda *args, **kwargs: None)
        plain_one, plain_many = save(1), save(500)
        self.assertLessEqual(many - plain_many, one - plain_one + TOLERANCE)


@tagged("post_install", "-at_install")
class TestCostOfOneSave(CaptureCase):
    def test_an_event_with_three_deliveries_adds_four_statements_to_a_save(self):
        """The revision, which both saves here read, and the event; before the commit: fetch and store."""
        self.env["integration.event.type"].search([]).active = False
        watched = self.env["ir.model.fields"]._get("res.partner", "email")
        event_type = self.new_event_type(
            paths=("name", "email"), trigger_field_ids=[Command.set(watched.ids)]
        )
        for number in range(3):
            self.subscribe(self.new_endpoint(name=f"Endpoint {number}"), event_type)
        partner = self.env["res.partner"].create({"name": "Cost", "email": "first@example.org"})
        with_capture = self.count_save(partner)
        self.assertEqual(len(self.events_of(event_type).delivery_ids), 3 * 4)
        event_type.active = False
        with patch.object(model_hooks, "find_rules", return_value=()):  # hooks stay, and ask for the revision
            without = self.count_save(partner)
        self.assertLessEqual(with_capture - without, 3)

    def count_save(self, partner):
        """Return how many statements a save takes once the process knows its way."""
        for email in ("warm@example.org", "warmer@example.org", "counted@example.org"):
            self.complete()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partner.web_save({"email": email}, {"name": {}, "email": {}})
            self.env.cr.flush()
            # What the cursor's commit does when anything was captured.
            if "commit" in vars(self.env.cr):
                self.env["integration.event"]._complete_captured()
            count = self.env.cr.sql_log_count - before
        return count
