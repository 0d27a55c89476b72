"""Whatever is wrong with our configuration, the business operation succeeds and a person sees why."""

from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..capture import capture_plan
from ..payload import record_render
from .common import CaptureCase

RULE_LOGGER = "odoo.addons.integration_monitor.capture.watch"
RENDER_LOGGER = "odoo.addons.integration_monitor.capture.event_content"
ROUTING_LOGGER = "odoo.addons.integration_monitor.capture.routing"


@tagged("post_install", "-at_install")
class TestCaptureFaults(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type(paths=("name", "ref"))
        cls.endpoint = cls.new_endpoint()
        cls.subscription = cls.subscribe(cls.endpoint, cls.event_type)
        cls.env.flush_all()

    def corrupt(self, record, **values):
        """Store what no constraint lets through: configuration that was good and no longer is."""
        self.env.flush_all()
        for column, value in values.items():
            self.env.cr.execute(
                f"UPDATE {record._table} SET {column} = %s WHERE id = %s",
                (value, record.id),  # noqa: S608
            )
        self.env.invalidate_all()
        self.env["integration.capture.revision"]._bump()

    def save_partner(self, name="Ada"):
        """Save a partner and return its one event, completed."""
        partner = self.env["res.partner"].create({"name": name})
        self.complete()
        self.assertTrue(partner.exists())
        event = self.events_of(self.event_type)
        self.assertEqual(len(event), 1)
        return event

    def assertDeliveryFailed(self, event, failure_class, *words):
        delivery = event.delivery_ids
        self.assertEqual(len(delivery), 1)
        self.assertEqual(delivery.state, "failed")
        self.assertEqual(delivery.failure_class, failure_class)
        self.assertFalse(delivery.next_attempt_at)
        for word in words:
            self.assertIn(word, delivery.last_error)
        self.assertNotIn("Traceback", delivery.last_error)

    @mute_logger(RULE_LOGGER)
    def test_a_rule_whose_filter_names_a_vanished_field_records_an_erroneous_event(self):
        self.corrupt(self.event_type.automation_id, filter_domain="[('x_gone', '=', 1)]")
        event = self.save_partner()
        self.assertEqual(event.state, "error")
        self.assertDeliveryFailed(event, "configuration", self.event_type.automation_id.name)

    @mute_logger(RULE_LOGGER)
    def test_a_rule_whose_filter_is_no_domain_records_an_erroneous_event(self):
        self.corrupt(self.event_type.automation_id, filter_domain="[('name', '=' 'x'")
        self.assertDeliveryFailed(self.save_partner(), "configuration")

    @mute_logger(RULE_LOGGER)
    def test_a_rule_whose_before_filter_is_broken_records_an_erroneous_event(self):
        partner = self.env["res.partner"].create({"name": "Ada"})
        self.complete()
        self.events_of(self.event_type).delivery_ids.sudo().unlink()
        self.events_of(self.event_type).unlink()
        self.corrupt(self.event_type.automation_id, filter_pre_domain="[('x_gone', '=', 1)]")
        partner.name = "Grace"
        self.complete()
        self.assertDeliveryFailed(self.events_of(self.event_type), "configuration")

    def test_a_vanished_field_in_the_field_list_fails_the_delivery(self):
        self.corrupt(self.event_type.field_ids[1], path="x_gone")
        event = self.save_partner()
        self.assertEqual(event.state, "error")
        self.assertEqual(event.record_name, "Ada")
        self.assertDeliveryFailed(event, "configuration", "x_gone", self.event_type.name)

    def test_a_corrected_field_list_makes_the_event_sendable(self):
        self.corrupt(self.event_type.field_ids[1], path="x_gone")
        event = self.save_partner()
        self.assertFalse(event._rerender())
        self.event_type.field_ids[1].path = "email"
        self.assertEqual(event._rerender(), event)
        self.assertEqual(event.state, "recorded")
        self.assertFalse(event.error)
        self.assertEqual(self.payload_of(event)["name"], "Ada")

    def test_content_that_is_too_large_to_be_carried_fails_the_delivery_until_the_limit_is_raised(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("integration_monitor.event_bytes_max", "200")
        event = self.save_partner(name="Ä" * 100)
        self.assertDeliveryFailed(event, "too_large", "0.0 MB", self.event_type.name)
        self.assertFalse(event.payload)
        self.assertFalse(event._rerender())
        parameters.set_param("integration_monitor.event_bytes_max", "1000")
        self.assertEqual(event._rerender(), event)
        self.assertIn("ÄÄÄ", event.payload)

    @mute_logger(RENDER_LOGGER)
    def test_one_record_that_cannot_be_rendered_does_not_spoil_the_others(self):
        document = record_render._Renderer.render_document

        def render(renderer, record, tree):
            if record.name == "Bad":
                raise ZeroDivisionError
            return document(renderer, record, tree)

        with patch.object(record_render._Renderer, "render_document", render):
            self.env["res.partner"].create([{"name": "Good"}, {"name": "Bad"}])
            self.complete()
        good, bad = self.events_of(self.event_type).sorted("id")
        self.assertEqual(good.state, "recorded")
        self.assertEqual(good.delivery_ids.state, "pending")
        self.assertEqual(bad.state, "error")
        self.assertDeliveryFailed(bad, "payload", "ZeroDivisionError")

    @mute_logger(RENDER_LOGGER, "odoo.sql_db")
    def test_a_field_that_breaks_the_query_does_not_abort_the_transaction(self):
        def render(renderer, record, tree):
            renderer.env.cr.execute("SELECT no_such_column")

        with patch.object(record_render._Renderer, "render_document", render):
            event = self.save_partner()
        self.assertDeliveryFailed(event, "payload")

    def test_a_conflict_between_transactions_is_not_swallowed(self):
        def render(renderer, record, tree):
            raise psycopg2.errors.SerializationFailure

        self.env["res.partner"].create({"name": "Ada"})
        with (
            patch.object(record_render._Renderer, "render_document", render),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self.complete()

    def test_a_broken_record_filter_fails_the_delivery_and_not_the_event(self):
        self.corrupt(self.subscription, filter_domain="[('x_gone', '=', 1)]")
        with mute_logger(ROUTING_LOGGER):
            event = self.save_partner()
        self.assertEqual(event.state, "recorded")
        self.assertDeliveryFailed(event, "configuration", self.endpoint.name)

    def test_a_filter_that_is_no_condition_at_all_fails_its_delivery_only(self):
        other = self.subscribe(self.new_endpoint(name="Other"), self.event_type)
        for broken in ("[('name', 5, 'x')]", "[('name', '=')]", "7"):
            self.corrupt(self.subscription, filter_domain=broken)
            partner = self.env["res.partner"].create({"name": "Ada"})
            with mute_logger(ROUTING_LOGGER):
                self.complete()
            event = self.events_of(self.event_type)[-1]
            self.assertEqual(event.res_id, partner.id)
            state_of = {delivery.subscription_id: delivery.state for delivery in event.delivery_ids}
            self.assertEqual(state_of, {self.subscription: "failed", other: "pending"}, broken)

    @mute_logger(RULE_LOGGER)
    def test_a_rule_whose_condition_is_none_records_erroneous_events_and_leaves_other_models_alone(self):
        bank_type = self.new_event_type("res.bank")
        self.corrupt(self.event_type.automation_id, filter_domain="[('name', 5, 'x')]")
        self.env["res.bank"].create({"name": "Bank"})
        self.assertDeliveryFailed(self.save_partner(), "configuration")
        self.assertEqual(self.events_of(bank_type).state, "recorded")

    def test_a_filter_on_a_field_that_refuses_to_be_searched_does_not_make_saves_fail(self):
        self.subscription.filter_domain = "[('message_needaction', '=', False)]"
        self.env["integration.capture.revision"]._bump()

        def refuse(*args):
            raise UserError("This cannot be searched.")

        with patch.object(type(self.env["res.partner"]), "_search_message_needaction", refuse):
            self.assertEqual(self.save_partner().delivery_ids.state, "pending")

    def test_a_field_list_whose_check_fails_by_a_fault_fails_the_delivery(self):
        def fail(model, paths):
            raise ZeroDivisionError

        self.env["integration.capture.revision"]._bump()
        with patch.object(capture_plan, "build_field_tree", fail), mute_logger(RENDER_LOGGER):
            self.assertDeliveryFailed(self.save_partner(), "payload", "ZeroDivisionError")

    def test_a_record_that_its_own_change_deletes_causes_no_event_and_no_error(self):
        ref = self.env["ir.model.fields"]._get("res.partner", "ref")
        event_type = self.new_event_type(trigger="on_write", trigger_field_ids=[Command.set(ref.ids)])
        gone, kept = self.env["res.partner"].create([{"name": "Gone"}, {"name": "Kept"}])
        self.complete()
        hook = self.innermost_hook(gone, "write")
        write = hook.origin

        def write_and_delete(records, vals):
            result = write(records, vals)
            (records & gone).unlink()
            return result

        with patch.object(hook, "origin", write_and_delete):
            (gone | kept).write({"ref": "R"})
        self.complete()
        self.assertEqual(self.events_of(event_type).res_id, kept.id)

    def test_a_retry_does_not_go_past_a_record_filter(self):
        self.corrupt(self.subscription, filter_domain="[('x_gone', '=', 1)]")
        with mute_logger(ROUTING_LOGGER):
            delivery = self.save_partner().delivery_ids
            with self.assertRaisesRegex(UserError, "IM_FILTER_UNDECIDED"):
                delivery.action_retry()
        self.subscription.filter_domain = "[('name', '=', 'Grace')]"
        with self.assertRaisesRegex(UserError, "IM_FILTER_UNDECIDED"):
            delivery.action_retry()
        self.assertEqual(delivery.state, "failed")
        self.subscription.filter_domain = "[('name', '=', 'Ada')]"
        delivery.action_retry()
        self.assertEqual(delivery.state, "pending")

    def test_an_endpoint_without_url_fails_the_delivery(self):
        self.corrupt(self.endpoint, url=None)
        event = self.save_partner()
        self.assertEqual(event.state, "recorded")
        self.assertDeliveryFailed(event, "configuration", self.endpoint.name)

    def test_a_failed_delivery_does_not_wake_the_sidecar(self):
        self.corrupt(self.endpoint, url=None)
        self.env.cr.postcommit.clear()
        event = self.save_partner()
        hints = self.env.cr.postcommit.data["integration_monitor.hints_after_commit"]
        self.assertFalse(hints.wake)
        self.assertEqual(hints.documents, {("res.partner", event.res_id)})
