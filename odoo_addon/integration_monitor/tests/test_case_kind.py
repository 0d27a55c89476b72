"""What is the matter with a delivery: for every kind of failure and every state, in words and in SQL."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.case_consequences import CONSEQUENCES
from ..models.case_words import CASE_KINDS, CASE_WORDS
from ..models.delivery_state_machine import FAILURE_CLASSES, STATES
from .delivery_case import DeliveryCase, build_delivery, build_endpoint, build_event_type


@tagged("post_install", "-at_install")
class TestCaseKind(DeliveryCase):
    def kinds_of(self, deliveries):
        """The kind by reading; searching and grouping have to say the same."""
        read = {delivery.id: delivery.case_kind for delivery in deliveries}
        ours = [("id", "in", deliveries.ids)]
        for kind in [*dict(CASE_KINDS), False]:
            found = deliveries.search([*ours, ("case_kind", "=", kind)])
            self.assertEqual(
                set(found.ids), {id_ for id_, read_kind in read.items() if read_kind == kind}, kind
            )
        grouped = dict(deliveries._read_group(ours, ["case_kind"], ["id:recordset"]))
        for kind, members in grouped.items():
            self.assertEqual({read[id_] for id_ in members.ids}, {kind})
        exceptions = deliveries.search([*ours, ("is_exception", "=", True)])
        self.assertEqual(set(exceptions.ids), {id_ for id_, kind in read.items() if kind})
        others = deliveries.search([*ours, ("is_exception", "=", False)])
        self.assertEqual(set(others.ids), {id_ for id_, kind in read.items() if not kind})
        return read

    def test_every_kind_of_failure_has_a_kind_of_case_and_words(self):
        partners = self.new_partners(len(FAILURE_CLASSES))
        for (failure_class, _label), partner in zip(FAILURE_CLASSES, partners, strict=True):
            with self.subTest(failure_class=failure_class):
                delivery = self.deliver_to(record=partner, state="failed", failure_class=failure_class)
                self.assertEqual(self.kinds_of(delivery)[delivery.id], CASE_WORDS[failure_class].kind)
                self.assertIn("Receiver", delivery.case_summary)
                for text in (delivery.case_summary, delivery.case_advice, delivery.case_consequence):
                    self.assertNotIn("%(", text)
                    self.assertTrue(text.strip().endswith((".", "”")), text)

    def test_every_state_with_and_without_a_failure_is_an_exception_or_not(self):
        partners = self.new_partners(2 * len(STATES))
        for number, (state, _label) in enumerate(STATES):
            untried, tried = (
                self.deliver_to(record=partners[2 * number + at], state=state, failure_class=failure_class)
                for at, failure_class in enumerate((False, "timeout"))
            )
            with self.subTest(state=state):
                kinds = self.kinds_of(untried + tried)
                self.assertEqual(kinds[untried.id], "configuration" if state == "failed" else False)
                open_kind = "unreachable" if state in ("pending", "queued", "failed") else False
                self.assertEqual(kinds[tried.id], open_kind)
                self.assertEqual(bool(tried.case_summary), bool(open_kind))

    def test_every_business_domain_says_what_a_case_means_for_it(self):
        domains = dict(self.env["integration.event.type"]._fields["business_domain"].selection)
        self.assertEqual(set(CONSEQUENCES), set(domains))
        texts = set()
        for number, domain in enumerate(domains):
            event_type = build_event_type(self.env, domain=domain, name=f"odoo.test.case_{number}.v1")
            delivery = build_delivery(self.env, event_type, self.endpoint, self.partner, state="failed")
            texts.add(delivery.case_consequence)
        self.assertEqual(len(texts), len(domains))

    def test_what_comes_after_a_failed_delivery_of_the_same_document_waits_behind_it(self):
        failed = self.deliver_to(state="failed", failure_class="contract")
        behind = self.deliver_to()
        stranger = self.deliver_to(record=self.new_partners(1))
        elsewhere = self.deliver_to(endpoint=build_endpoint(self.env, "Elsewhere"))
        kinds = self.kinds_of(failed + behind + stranger + elsewhere)
        self.assertEqual(
            kinds, {failed.id: "refused", behind.id: "waiting", stranger.id: False, elsewhere.id: False}
        )
        self.assertIn("earlier", behind.case_summary)

    def test_what_comes_after_a_delivery_that_is_still_tried_waits_behind_it(self):
        tried = self.deliver_to(failure_class="connect", attempt_count=1)
        behind = self.deliver_to()
        self.assertEqual(self.kinds_of(tried + behind), {tried.id: "unreachable", behind.id: "waiting"})
        self.assertIn("by itself", tried.case_advice)

    def test_nothing_waits_behind_a_failure_where_the_endpoint_lets_it_pass(self):
        self.endpoint.after_failure = "pass"
        failed = self.deliver_to(state="failed", failure_class="contract")
        behind = self.deliver_to()
        self.assertEqual(self.kinds_of(failed + behind)[behind.id], False)

    def test_nothing_waits_behind_a_failed_replay(self):
        replayed = self.deliver_to(state="failed", failure_class="contract", first_delivered_at="2026-11-20")
        behind = self.deliver_to()
        self.assertEqual(self.kinds_of(replayed + behind)[behind.id], False)

    def test_a_delivery_that_is_through_is_no_exception_any_more(self):
        delivery = self.deliver_to(next_attempt_at=fields.Datetime.now() - timedelta(minutes=5))
        self.refuse(delivery)
        self.assertTrue(delivery.is_exception)
        delivery.action_retry()
        self.assertTrue(delivery.is_exception)
        delivery.write({"state": "delivered", "failure_class": False})
        self.assertFalse(self.kinds_of(delivery)[delivery.id])
        self.assertFalse(delivery.case_advice)

    def test_groups_come_in_the_order_in_which_people_should_look_at_them(self):
        for failure_class in ("timeout", "auth", "contract"):
            self.deliver_to(record=self.new_partners(1), state="failed", failure_class=failure_class)
        self.deliver_to(record=self.deliver_to(state="failed").partner_id or self.partner)
        deliveries = self.env["integration.delivery"]
        groups = deliveries._read_group(
            [("is_exception", "=", True), ("endpoint_id", "=", self.endpoint.id)], ["case_kind"]
        )
        self.assertEqual([kind for [kind] in groups], [kind for kind, _label in CASE_KINDS])
        groupable = deliveries.fields_get(["case_kind"])["case_kind"]
        self.assertTrue(groupable["groupable"] and groupable["searchable"])

    def test_the_summary_quotes_the_other_system_and_our_own_reasons(self):
        refused = self.deliver_to(
            state="failed",
            failure_class="contract",
            attempt_count=1,
            last_error='The endpoint refused the data (HTTP 422): "VAT id missing"',
        )
        self.assertEqual(refused.case_summary, "Receiver refused the data. It said: “VAT id missing”")
        ours = self.deliver_to(
            record=self.new_partners(1),
            state="failed",
            failure_class="configuration",
            last_error="The field list no longer fits.",
        )
        self.assertTrue(ours.case_summary.endswith("nothing was sent. The field list no longer fits."))
