"""Deletions: the content is kept before the record goes, the number comes with the commit."""

import contextlib

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestCaptureDeletion(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type("res.bank", paths=("name", "country"), trigger="on_unlink")
        cls.endpoint = cls.new_endpoint()
        cls.subscription = cls.subscribe(cls.endpoint, cls.event_type)
        cls.banks = cls.env["res.bank"].create(
            [
                {"name": "First", "country": cls.env.ref("base.be").id},
                {"name": "Second"},
            ]
        )
        cls.complete()

    def test_a_deletion_event_carries_what_was_deleted(self):
        self.banks.unlink()
        self.complete()
        first, second = self.events_of(self.event_type)
        self.assertEqual(self.payload_of(first)["country"]["external_id"], "base.be")
        self.assertEqual(second.record_name, "Second")
        self.assertEqual(second.delivery_ids.state, "pending")
        self.assertTrue(second.sequence)

    def test_no_lock_is_held_and_no_number_taken_before_the_commit(self):
        self.banks.unlink()
        event = self.events_of(self.event_type)[0]
        self.assertEqual(event.state, "captured")
        self.assertFalse(event.sequence)
        self.env.cr.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        self.assertFalse(self.env.cr.fetchall())

    def test_the_record_filter_is_asked_while_the_record_is_there(self):
        self.subscription.filter_domain = "[('country', '!=', False)]"
        self.banks.unlink()
        self.complete()
        first, second = self.events_of(self.event_type)
        self.assertEqual(len(first.delivery_ids), 1)
        self.assertFalse(second.delivery_ids)

    def test_a_refused_deletion_causes_no_event(self):
        def refuse(banks):
            raise UserError("Still used")

        # The hooks run first and then what they wrap, which is where core refuses.
        self.patch(self.innermost_hook(self.banks, "unlink"), "origin", refuse)
        with contextlib.suppress(UserError):
            self.banks.unlink()
        self.assertEqual(len(self.events_of(self.event_type)), 2, "captured before it was refused")
        self.complete()
        self.assertFalse(self.events_of(self.event_type))
        self.assertTrue(self.banks.exists())

    def test_a_deletion_rule_that_also_does_something_else_keeps_the_content_too(self):
        self.event_type.automation_id.sudo().active = False
        self.new_deletion_rule()
        self.banks.unlink()
        self.complete()
        self.assertEqual(self.events_of(self.event_type).mapped("record_name"), ["First", "Second"])

    def test_a_record_that_goes_in_the_transaction_it_came_in_causes_no_event(self):
        created_type = self.new_event_type("res.bank", trigger="on_create_or_write")
        self.subscribe(self.endpoint, created_type)
        bank = self.env["res.bank"].create({"name": "Gone"})
        bank.name = "Gone soon"
        self.env.flush_all()
        (bank + self.banks[0]).unlink()
        self.complete()
        self.assertEqual(self.events_of(self.event_type).mapped("record_name"), ["First"])
        self.assertFalse(self.events_of(created_type))

    def test_a_record_of_an_earlier_transaction_that_is_changed_and_deleted_sends_its_deletion(self):
        bank = self.env["res.bank"].create({"name": "Third"})
        self.complete()
        bank.name = "Third, changed"
        bank.unlink()
        self.complete()
        event = self.events_of(self.event_type)
        self.assertEqual(event.record_name, "Third, changed")
        self.assertEqual(event.delivery_ids.state, "pending")

    def test_a_record_that_came_in_an_undone_savepoint_and_whose_twin_goes_causes_no_event(self):
        savepoint = self.env.cr.savepoint()
        self.env["res.bank"].create({"name": "Undone"}).unlink()
        savepoint.close(rollback=True)
        self.banks[1].unlink()
        self.complete()
        self.assertEqual(self.events_of(self.event_type).mapped("record_name"), ["Second"])

    def test_a_deletion_that_its_savepoint_takes_back_leaves_the_creation(self):
        created_type = self.new_event_type("res.bank", trigger="on_create")
        self.subscribe(self.endpoint, created_type)
        bank = self.env["res.bank"].create({"name": "Stays"})
        savepoint = self.env.cr.savepoint()
        bank.unlink()
        savepoint.close(rollback=True)
        self.complete()
        self.assertEqual(self.events_of(created_type).mapped("record_name"), ["Stays"])
        self.assertFalse(self.events_of(self.event_type))

    def test_a_rule_of_ones_own_does_not_publish_the_deletion_of_what_was_never_committed(self):
        self.event_type.automation_id.sudo().active = False
        self.new_deletion_rule()
        self.env["res.bank"].create({"name": "Gone"}).unlink()
        self.banks[0].unlink()
        self.complete()
        self.assertEqual(self.events_of(self.event_type).mapped("record_name"), ["First"])

    def new_deletion_rule(self):
        """Make a rule of a user's own that publishes deletions and does something else as well."""
        model_id = self.env["ir.model"]._get_id("res.bank")
        self.env["base.automation"].create(
            {
                "name": "Own deletion rule",
                "model_id": model_id,
                "trigger": "on_unlink",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Else",
                            "state": "code",
                            "code": "log('deleted')",
                            "model_id": model_id,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Publish",
                            "state": "integration_event",
                            "model_id": model_id,
                            "integration_event_type_id": self.event_type.id,
                        }
                    ),
                ],
            }
        )

    def test_a_change_that_the_same_event_type_tells_does_not_hide_the_deletion(self):
        self.env["base.automation"].create(
            {
                "name": "Changes too",
                "model_id": self.event_type.model_id.id,
                "trigger": "on_create_or_write",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Publish",
                            "state": "integration_event",
                            "model_id": self.event_type.model_id.id,
                            "integration_event_type_id": self.event_type.id,
                        }
                    )
                ],
            }
        )
        bank = self.banks[0]
        bank.name = "Changed first"
        bank.unlink()
        self.complete()
        event = self.events_of(self.event_type)
        self.assertEqual((event.res_id, event.state), (bank.id, "recorded"))
        self.assertEqual(self.payload_of(event)["name"], "Changed first")

    def test_a_model_that_goes_in_the_same_transaction_does_not_break_the_commit(self):
        partner_type = self.new_event_type("res.partner")
        self.banks[0].unlink()
        self.events_of(self.event_type).unlink()
        self.env["res.partner"].create({"name": "Kept"})
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_bank RENAME TO res_bank_gone")
        self.complete()
        self.assertEqual(self.events_of(partner_type).state, "recorded")
