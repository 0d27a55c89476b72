"""Why a document was sent to a system, or not: each rule with the value found and the value wanted."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CaptureCase
from .delivery_case import build_outcome, pause_other_endpoints


@tagged("post_install", "-at_install")
class TestExplain(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pause_other_endpoints(cls.env)
        cls.clerk = new_test_user(
            cls.env, "explain_clerk", groups="base.group_user,base.group_partner_manager", email=False
        )
        cls.viewer = new_test_user(
            cls.env, "explain_viewer", groups="integration_monitor.group_user", email=False
        )
        cls.employee = new_test_user(cls.env, "explain_employee", groups="base.group_user", email=False)
        cls.event_type = cls.new_event_type(
            name="Clinic changed", paths=("ref",), filter_domain="[('ref', '=', 'A1')]"
        )
        cls.endpoint = cls.new_endpoint(name="Registry")
        cls.subscription = cls.subscribe(cls.endpoint, cls.event_type)
        cls.partner = cls.env["res.partner"].create({"name": "Mercy Hospital", "ref": "B2"})
        cls.complete()

    def explain(self, user=None, document=None, event_type=None):
        """The Explanation of our kind of event, as this user gets it."""
        document = (document or self.partner).with_user(user or self.clerk)
        wizard = self.env["integration.explain.wizard"].with_user(user or self.clerk)
        page = wizard._explain(document, self.env["integration.endpoint"])
        name = (event_type or self.event_type).name
        found = [item for item in page["explanations"] if item.event_name == name]
        self.assertEqual(len(found), 1, page)
        return found[0]

    def rule(self, explanation, key):
        rules = {rule.key: rule for _title, rules in explanation.groups for rule in rules}
        return rules[key]

    def send(self, ref="A1"):
        self.partner.ref = ref
        self.complete()
        return self.env["integration.delivery"].search(
            [("res_id", "=", self.partner.id), ("endpoint_id", "=", self.endpoint.id)], limit=1
        )

    def report(self, delivery, result, **values):
        door = self.env["integration.sidecar"].with_user(
            new_test_user(self.env, "explain_sidecar", groups="integration_monitor.group_sidecar")
        )
        door.report(outcomes=[build_outcome(delivery.id, 1, result, **values)])

    def test_what_never_happened_is_explained_by_the_condition_with_value_found_and_wanted(self):
        explanation = self.explain()
        self.assertEqual(explanation.outcome, "none")
        self.assertIn("Reference: B2 (wanted: is A1).", explanation.headline)
        leaf = self.rule(explanation, "after").parts[0]
        self.assertEqual((leaf.verdict, leaf.found, leaf.wanted), ("unmet", "B2", "is A1"))
        self.assertIn("Today's values", self.rule(explanation, "after").note)
        self.assertEqual(self.rule(explanation, "trigger").verdict, "unmet")
        self.assertEqual(self.rule(explanation, "catalogue").verdict, "met")
        self.assertEqual(self.rule(explanation, "automation").verdict, "met")

    def test_what_happened_before_the_event_was_set_up_is_not_said_to_have_never_happened(self):
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = create_date - interval '1 day', ref = 'A1' WHERE id = %s",
            [self.partner.id],
        )
        self.partner.invalidate_recordset()
        explanation = self.explain()
        self.assertEqual(self.rule(explanation, "trigger").verdict, "unknown")
        self.assertIn("What happened before this event was set up", explanation.headline)

    def test_an_archived_event_type_or_a_rule_that_is_switched_off_is_the_reason(self):
        self.event_type.sudo().automation_id.active = False
        self.assertIn("switched off", self.explain().headline)
        self.event_type.active = False
        self.assertIn("was archived: nothing of it is recorded", self.explain().headline)

    def test_a_delivered_event_is_explained_from_what_is_on_record(self):
        delivery = self.send()
        self.report(delivery, "delivered")
        self.partner.ref = "C3"
        self.complete()
        explanation = self.explain()
        self.assertEqual(explanation.outcome, "delivered")
        self.assertIn("The system took it on", explanation.headline)
        leaf = self.rule(explanation, "after").parts[0]
        self.assertEqual((leaf.found, leaf.note), ("C3", "What was sent said: A1"))
        self.assertEqual(self.rule(explanation, "after").verdict, "met")
        self.assertIn("HTTP 200", self.rule(explanation, "attempt").note)

    def test_a_failed_delivery_names_the_answer_and_who_did_what(self):
        delivery = self.send()
        self.report(delivery, "failed", error="VAT id missing")
        self.assertIn("did not accept it, and a person is needed: VAT id missing", self.explain().headline)
        delivery.with_user(self.clerk).action_cancel("Entered by hand")
        explanation = self.explain()
        self.assertEqual(explanation.outcome, "closed")
        self.assertIn("Cancelled by explain_clerk", explanation.headline)
        self.assertIn("Entered by hand", self.rule(explanation, "step").note)

    def test_a_waiting_delivery_says_what_it_waits_for(self):
        delivery = self.send()
        self.env["integration.worker"].search([]).unlink()
        self.assertIn("The sending service has never been heard of.", self.explain().headline)
        self.env["integration.worker"]._record_heartbeat("worker-1", "1.0.0")
        self.assertIn("sent within seconds", self.explain().headline)
        delivery.next_attempt_at = fields.Datetime.now() + timedelta(hours=1)
        self.assertIn("The next try comes on", self.explain().headline)
        self.endpoint.action_pause()
        self.assertIn("“Registry” is paused", self.explain().headline)

    def test_a_delivery_behind_a_failed_one_says_so(self):
        self.env["integration.worker"]._record_heartbeat("worker-1", "1.0.0")
        first = self.send()
        self.report(first, "failed")
        self.partner.name = "Mercy Clinic"
        self.complete()
        explanation = self.explain()
        self.assertIn("It waits behind “Clinic changed”, which needs a person.", explanation.headline)
        self.assertIn("It happened 2 times", self.rule(explanation, "trigger").note)

    def test_a_filter_a_company_a_draft_and_a_late_subscription_are_reasons(self):
        self.subscription.filter_domain = "['|', ('city', '=', 'Bern'), ('city', '=', 'Basel')]"
        self.send()
        explanation = self.explain()
        self.assertIn("City: empty (wanted: is Bern). City: empty (wanted: is Basel).", explanation.headline)
        self.assertEqual(self.rule(explanation, "filter").parts[0].name, "At least one of these")
        self.subscription.filter_domain = False
        self.assertIn("Everything matches today", self.explain().headline)
        self.env.cr.execute(
            "UPDATE integration_subscription SET create_date = create_date + interval '1 day' WHERE id = %s",
            [self.subscription.id],
        )
        self.subscription.invalidate_recordset()
        self.assertIn("That was after it happened.", self.explain().headline)
        self.subscription.active = False
        self.assertIn("Its subscription was archived", self.explain().headline)

    def test_an_endpoint_of_another_company_is_not_told_of(self):
        company = self.env["res.company"].create({"name": "Other clinic"})
        self.endpoint.company_id = company
        wizard = self.env["integration.explain.wizard"]
        for user in (self.clerk, self.viewer):
            page = wizard.with_user(user)._explain(
                self.partner.with_user(user), self.env["integration.endpoint"]
            )
            self.assertNotIn("Registry", [item.endpoint_name for item in page["explanations"]])
        self.viewer.company_ids += company
        self.partner.company_id = self.env.company
        both = wizard.with_user(self.viewer).with_context(
            allowed_company_ids=[self.env.company.id, company.id]
        )
        page = both._explain(self.partner.with_env(both.env), self.env["integration.endpoint"])
        [explanation] = [item for item in page["explanations"] if item.endpoint_name == "Registry"]
        self.assertEqual(self.rule(explanation, "company").verdict, "unmet")
        self.assertEqual(self.rule(explanation, "company").wanted, "Other clinic or its branches")

    def test_a_value_that_the_reader_may_not_see_is_neither_shown_nor_judged(self):
        self.patch(self.env["res.partner"]._fields["ref"], "groups", "base.group_system")
        after = self.rule(self.explain(), "after")
        self.assertEqual(after.verdict, "unknown")
        self.assertEqual(after.parts[0].found, "You may not see this value.")
        for part in (after.found, after.parts[0].wanted, after.parts[0].note, after.parts[0].verdict):
            self.assertNotIn(part, ("B2", "is A1", "met", "unmet"))

    def test_a_value_of_a_record_that_the_reader_may_not_read_is_not_shown(self):
        self.partner.parent_id = self.env["res.partner"].create({"name": "Secret group", "city": "Zug"})
        self.event_type.filter_domain = "[('parent_id.city', '=', 'Zug')]"
        self.env["ir.rule"].create(
            {
                "name": "Test: hide one contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.parent_id.id})]",
            }
        )
        leaf = self.rule(self.explain(), "after").parts[0]
        self.assertEqual((leaf.verdict, leaf.found), ("unknown", "You may not see this value."))

    def test_staff_of_another_area_and_readers_of_nothing_are_told_nothing(self):
        self.send()
        wizard = self.env["integration.explain.wizard"].with_user(self.employee)
        page = wizard._explain(self.partner.with_user(self.employee), self.env["integration.endpoint"])
        self.assertFalse(page["explanations"])
        self.env["ir.rule"].create(
            {
                "name": "Test: hide one contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        for user in (self.clerk, self.viewer):
            with self.assertRaises(AccessError):
                self.explain(user)

    def test_a_delivery_is_explained_also_when_its_document_is_gone(self):
        delivery = self.send()
        self.partner.unlink()
        action = delivery.with_user(self.viewer).action_explain()
        wizard = (
            self.env["integration.explain.wizard"].with_user(self.viewer).with_context(**action["context"])
        )
        self.assertIn("The document is gone", wizard.new({}).explanation)
        with self.assertRaises(AccessError):
            delivery.with_user(self.clerk).action_explain()

    def test_the_page_is_opened_from_the_document_and_from_the_endpoint(self):
        self.send()
        for action, user in (
            (self.partner.with_user(self.clerk).action_integration_explain(), self.clerk),
            (self.endpoint.with_user(self.viewer).action_explain(), self.viewer),
        ):
            wizards = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
            wizard = wizards.new(wizards.default_get(["document_ref", "endpoint_id"]))
            if user == self.viewer:
                self.assertIn("Choose a document", wizard.explanation)
                wizard.document_ref = self.partner
            self.assertIn("Registry", wizard.explanation)
            self.assertIn("Clinic changed", wizard.explanation)

    def test_names_in_conditions_and_answers_are_escaped(self):
        self.partner.ref = "<img src=x>"
        wizard = self.env["integration.explain.wizard"].with_user(self.clerk)
        html = wizard.new({"document_ref": f"res.partner,{self.partner.id}"}).explanation
        self.assertNotIn("<img", html)
        self.assertIn("&lt;img src=x&gt;", html)

    def test_the_actions_menu_offers_it_to_those_whose_business_it_is(self):
        name = "Why was it sent, or not?"
        for user, offered in ((self.clerk, True), (self.viewer, True), (self.employee, False)):
            bindings = self.env["ir.actions.actions"].with_user(user).get_bindings("res.partner")
            self.assertEqual(name in [action["name"] for action in bindings.get("action", ())], offered)
        others = self.env["ir.actions.actions"].with_user(self.viewer).get_bindings("res.country")
        self.assertNotIn(name, [action["name"] for action in others.get("action", ())])
