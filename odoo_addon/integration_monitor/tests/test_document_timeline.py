"""The timeline of a document: everything that happened, in order, for those who may see it."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_endpoint, build_outcome

START = datetime(2026, 11, 20, 8, 0)


@tagged("post_install", "-at_install")
class TestDocumentTimeline(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,base.group_partner_manager"
        cls.clerk = new_test_user(cls.env, "test_clerk", name="Cleo Clerk", groups=groups)
        cls.employee = new_test_user(cls.env, "test_employee", groups="base.group_user")
        cls.event_type.name = "Contact changed"

    def deliver(self, minute=0, **values):
        """A delivery of an event by the clerk, ``minute`` minutes after the start."""
        delivery = self.deliver_to(**values)
        at = START + timedelta(minutes=minute)
        delivery.event_id.write({"occurred_at": at, "recorded_at": at, "actor_id": self.clerk.id})
        return delivery

    def attempt(self, delivery, number, outcome, minute, **values):
        self.env["integration.delivery.attempt"].create(
            {
                "delivery_id": delivery.id,
                "attempt_number": number,
                "outcome": outcome,
                "started_at": START + timedelta(minutes=minute),
                "duration_ms": 340,
                **values,
            }
        )

    def change(self, delivery, from_state, to_state, minute, reason=False, user=None):
        self.env["integration.delivery.transition"].create(
            {
                "delivery_id": delivery.id,
                "from_state": from_state,
                "to_state": to_state,
                "user_id": (user or self.clerk).id,
                "at": START + timedelta(minutes=minute),
                "reason": reason,
            }
        )

    def read(self, user=None):
        self.flush()
        deliveries = self.env["integration.delivery"].with_user(user or self.clerk)
        return deliveries.get_document_timeline("res.partner", self.partner.id)

    def titles(self, **values):
        return [entry["title"] for entry in self.read(**values)["entries"]]

    def test_a_document_without_deliveries_has_an_empty_timeline(self):
        timeline = self.read()
        self.assertEqual((timeline["name"], timeline["systems"]), ("Mercy Hospital", []))
        self.assertEqual((timeline["entries"], timeline["hidden_count"]), ([], 0))

    def test_it_tells_from_who_did_it_to_who_accepted_it_with_every_try(self):
        delivery = self.deliver(state="delivered", attempt_count=3, delivered_at=START)
        words = 'The endpoint refused the data (HTTP 422): "VAT id missing"'
        self.attempt(delivery, 1, "retry", 1, failure_class="unavailable", error="503")
        self.attempt(delivery, 2, "failed", 2, failure_class="contract", error=words)
        self.change(delivery, "failed", "pending", 5, "Sent again by hand")
        self.attempt(delivery, 3, "delivered", 6)
        self.assertEqual(
            self.titles(),
            [
                "Contact changed, by Cleo Clerk",
                "Put in line for Receiver",
                "Receiver is out of service.",
                "Receiver refused the data.",
                "Cleo Clerk had it sent again to Receiver",
                "Receiver accepted it",
            ],
        )
        refused = self.read()["entries"][3]
        self.assertEqual((refused["detail"], refused["look"]), ("“VAT id missing”", "failed"))
        self.assertEqual((refused["attempt_number"], refused["duration_ms"]), (2, 340))

    def test_times_are_milliseconds_in_utc(self):
        self.deliver(minute=1)
        self.assertEqual(self.read()["entries"][0]["at_ms"], 1795161660000)

    def test_several_systems_are_told_side_by_side_each_with_its_state(self):
        archive = build_endpoint(self.env, "Archive")
        first = self.deliver(state="failed")
        second = self.deliver(endpoint=archive, state="delivered")
        self.attempt(second, 1, "delivered", 1)
        self.attempt(first, 1, "failed", 2, failure_class="contract")
        timeline = self.read()
        self.assertEqual(
            [(system["name"], system["state"]) for system in timeline["systems"]],
            [("Receiver", "failed"), ("Archive", "delivered")],
        )
        tries = [entry for entry in timeline["entries"] if entry["kind"] == "attempt"]
        self.assertEqual([entry["system_ids"] for entry in tries], [archive.ids, self.endpoint.ids])

    def test_a_decision_not_to_send_is_told_with_its_reason(self):
        delivery = self.deliver(state="cancelled")
        self.change(delivery, "failed", "cancelled", 3, "Entered by hand")
        last = self.read()["entries"][-1]
        self.assertEqual(last["title"], "Cleo Clerk decided not to send it to Receiver")
        self.assertEqual((last["detail"], last["look"]), ("Entered by hand", "ended"))

    def test_replays_and_present_versions_are_told_as_what_they_are(self):
        delivery = self.deliver(state="delivered")
        self.change(delivery, "delivered", "pending", 1, "Replayed by hand")
        again = self.deliver(minute=2, state="delivered")
        again.event_id.correlation_id = delivery.event_id.correlation_id
        titles = self.titles()
        self.assertIn("Cleo Clerk had it sent once more to Receiver", titles)
        self.assertIn("Cleo Clerk had the present version sent", titles)

    def test_what_went_by_itself_names_nobody(self):
        self.deliver(state="superseded", state_reason="A newer event of the same record replaced it.")
        lost = self.deliver(state="delivered")
        self.change(lost, "queued", "pending", 4, user=self.env.ref("base.user_root"))
        automatic = self.deliver(state="delivered")
        automatic.event_id.actor_id = self.env.ref("base.user_root")
        titles = self.titles()
        self.assertIn("No longer needed at Receiver", titles)
        self.assertIn("Came back from the road to Receiver and goes out again", titles)
        self.assertIn("Contact changed, by an automatic process", titles)

    def test_what_is_still_to_come_stands_last(self):
        failed = self.deliver(state="failed", failure_class="contract")
        self.attempt(failed, 1, "failed", 1, failure_class="contract")
        self.deliver(minute=2)
        titles = self.titles()
        self.assertEqual(
            titles[-2:],
            [
                "Waits for a person before anything more is sent to Receiver",
                "Waits for Receiver, so that the order stays right",
            ],
        )
        failed.write({"state": "pending", "attempt_count": 1, "next_attempt_at": "2099-01-01 00:00:00"})
        self.assertIn("Next try at Receiver, by itself", self.titles()[-2:])

    def test_content_that_could_not_be_made_is_told_without_a_try(self):
        self.deliver(state="failed", failure_class="payload", last_error="“x” does not exist on Contact")
        told = self.read()["entries"][-2]
        self.assertIn("could not be put together", told["title"])
        self.assertEqual(told["detail"], "“x” does not exist on Contact")

    def test_who_may_not_see_the_deliveries_reads_an_empty_timeline(self):
        self.deliver()
        self.assertEqual(self.read(user=self.employee)["entries"], [])

    def test_a_document_one_may_not_read_is_refused(self):
        self.env["ir.rule"].create(
            {
                "name": "Test: hide contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        with self.assertRaises(AccessError):
            self.read()

    def test_deliveries_of_another_company_stay_out(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.deliver(company_id=other.id)
        self.assertEqual(self.read()["entries"], [])

    def test_a_missing_document_or_model_says_so(self):
        for model, res_id in (("res.partner", 2**30), ("no.such.model", 1), ("base", 1), (7, 1)):
            with self.assertRaisesRegex(UserError, "IM_DOCUMENT_MISSING"):
                self.env["integration.delivery"].get_document_timeline(model, res_id)

    def test_many_deliveries_cost_as_many_statements_as_one(self):
        counts = []
        for total in (1, 12):
            for minute in range(total):
                delivery = self.deliver(minute, state="pending", attempt_count=1)
                self.attempt(delivery, 1, "retry", minute, failure_class="timeout")
                self.change(delivery, "pending", "pending", minute)
            self.read()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["integration.delivery"].with_user(self.clerk).get_document_timeline(
                "res.partner", self.partner.id
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_only_the_newest_are_told_and_the_others_counted(self):
        module = "odoo.addons.integration_monitor.models.integration_delivery_timeline"
        self.patch(__import__(module, fromlist=["x"]), "DELIVERIES_MAX", 2)
        for minute in range(3):
            self.deliver(minute, state="delivered")
        timeline = self.read()
        self.assertEqual(timeline["hidden_count"], 1)
        self.assertEqual(len([e for e in timeline["entries"] if e["kind"] == "event"]), 2)

    def test_the_sidecars_report_shows_up(self):
        delivery = self.deliver()
        self.publish(self.claim())
        self.report(build_outcome(delivery.id, 1, "failed"))
        self.assertIn("Receiver refused the data.", self.titles())

    def test_the_smart_button_opens_it(self):
        action = self.partner.with_user(self.clerk).action_view_integration_timeline()
        self.assertEqual(action["params"], {"res_model": "res.partner", "res_id": self.partner.id})
