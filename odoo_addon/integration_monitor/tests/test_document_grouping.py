"""Documents are grouped and sorted by their integration state with exactly the rights of who looks."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase

STATES = ("failed", "pending", "queued", "delivered", "acknowledged", "cancelled", "expired")


@tagged("post_install", "-at_install")
class TestDocumentGrouping(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,base.group_partner_manager"
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        companies = cls.env.company | cls.other_company
        cls.clerk = new_test_user(cls.env, "test_clerk", groups=groups)
        cls.everywhere = new_test_user(
            cls.env, "test_everywhere", groups=groups, company_ids=[Command.set(companies.ids)]
        )
        cls.employee = new_test_user(cls.env, "test_employee", groups="base.group_user")
        cls.user = new_test_user(
            cls.env, "test_watcher", groups="base.group_user,integration_monitor.group_user"
        )
        cls.partners = cls.new_partners(len(STATES) + 1)
        for partner, state in zip(cls.partners, STATES, strict=False):
            cls.deliver_to(record=partner, state=state)
        # What was delivered before does not outweigh what failed.
        cls.deliver_to(record=cls.partners[0], state="delivered")

    def group(self, user, **context):
        """Count the contacts per state as the list does: ``{state: count}``."""
        partners = self.env["res.partner"].with_user(user).with_context(**context)
        groups = partners.formatted_read_group(
            [("id", "in", self.partners.ids)], ["integration_state"], ["__count"]
        )
        counts = {group["integration_state"]: group["__count"] for group in groups}
        for group in groups:
            domain = [*group["__extra_domain"], ("id", "in", self.partners.ids)]
            self.assertEqual(partners.search_count(domain), group["__count"], group)
        return counts

    def test_every_document_is_in_the_group_of_its_worst_delivery(self):
        expected = {"failed": 1, "pending": 2, "delivered": 2, "cancelled": 2, False: 1}
        self.assertEqual(self.group(self.clerk), expected)
        self.assertEqual(self.group(self.user), expected)

    def test_who_may_not_see_deliveries_finds_everything_in_the_empty_group(self):
        self.assertEqual(self.group(self.employee), {False: len(self.partners)})

    def test_deliveries_of_another_company_count_only_where_it_is_allowed(self):
        self.deliver_to(record=self.partners[-1], state="failed", company_id=self.other_company.id)
        companies = {"allowed_company_ids": (self.env.company | self.other_company).ids}
        self.assertEqual(self.group(self.clerk)[False], 1)
        self.assertEqual(self.group(self.everywhere, **companies)["failed"], 2)
        self.assertEqual(self.group(self.everywhere, allowed_company_ids=self.env.company.ids)["failed"], 1)

    def test_tests_of_endpoints_count_nowhere_not_even_among_archived_documents(self):
        self.deliver_to(record=self.partners[-1], state="failed", is_test=True)
        self.assertEqual(self.group(self.clerk, active_test=False)[False], 1)
        shown = self.partners[-1].with_user(self.clerk).with_context(active_test=False)
        self.assertEqual((shown.integration_state, shown.integration_delivery_count), (False, 0))
        self.assertNotIn(shown, shown.search([("integration_state", "=", "failed")]))
        timeline = self.env["integration.delivery"].with_user(self.clerk).with_context(active_test=False)
        self.assertEqual(timeline.get_document_timeline("res.partner", shown.id)["entries"], [])

    def test_documents_that_a_record_rule_hides_are_in_no_group(self):
        self.env["ir.rule"].create(
            {
                "name": "Test: hide one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partners[0].id})]",
            }
        )
        self.assertNotIn("failed", self.group(self.clerk))

    def test_a_second_grouping_and_a_filter_go_together_with_it(self):
        partners = self.env["res.partner"].with_user(self.clerk)
        rows = partners._read_group(
            [("id", "in", self.partners.ids), ("integration_state", "in", ["failed", "pending"])],
            ["is_company", "integration_state"],
            ["__count"],
        )
        self.assertEqual(sorted(rows), [(False, "failed", 1), (False, "pending", 2)])

    def test_documents_are_sorted_by_it(self):
        partners = self.env["res.partner"].with_user(self.clerk)
        found = partners.search(
            [("id", "in", self.partners.ids), ("integration_state", "!=", False)],
            order="integration_state, id",
        )
        states = found.mapped("integration_state")
        self.assertEqual(states, sorted(states))
        self.assertEqual(len(found), len(STATES))

    def test_the_list_offers_it_for_grouping(self):
        for user in (self.clerk, self.employee):
            described = self.env["res.partner"].with_user(user).fields_get(["integration_state"])
            self.assertTrue(described["integration_state"]["groupable"])

    def test_users_are_grouped_by_the_state_of_their_contact(self):
        self.deliver_to(record=self.clerk.partner_id, state="failed")
        users = self.env["res.users"].with_user(self.user)
        rows = users._read_group([("id", "=", self.clerk.id)], ["integration_state"], ["__count"])
        self.assertEqual(rows, [("failed", 1)])

    def test_grouping_many_documents_costs_as_much_as_grouping_one(self):
        partners = self.env["res.partner"].with_user(self.clerk)
        counts = []
        for ids in (self.partners[:1].ids, self.partners.ids):
            partners._read_group([("id", "in", ids)], ["integration_state"], ["__count"])  # warm
            before = self.env.cr.sql_log_count
            partners._read_group([("id", "in", ids)], ["integration_state"], ["__count"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
