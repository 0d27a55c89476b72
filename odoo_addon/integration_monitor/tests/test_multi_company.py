"""What people of one company see of another, and that both share an endpoint's limits."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_endpoint

ROLES = ("group_user", "group_operator", "group_manager")


@tagged("post_install", "-at_install")
class TestMultiCompany(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other clinic"})
        cls.others_endpoint = build_endpoint(cls.env, "Theirs", company_id=cls.other_company.id)
        cls.ours = cls.deliver_to()
        cls.theirs = cls.deliver_to(company_id=cls.other_company.id)
        cls.theirs_alone = cls.deliver_to(endpoint=cls.others_endpoint, company_id=cls.other_company.id)
        cls.nobodys_partner = cls.new_partners(1)
        cls.nobodys = cls.deliver_to(record=cls.nobodys_partner, company_id=False)

    def people_of(self, company):
        for role in ROLES:
            user = new_test_user(
                self.env,
                f"test_{role}_{company.id}",
                groups=f"integration_monitor.{role}",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            yield self.env(user=user, context={"allowed_company_ids": company.ids})

    def test_every_role_sees_the_deliveries_of_its_company_and_those_of_none(self):
        both = self.ours + self.theirs + self.theirs_alone + self.nobodys
        for company, visible in (
            (self.env.company, self.ours + self.nobodys),
            (self.other_company, self.theirs + self.theirs_alone + self.nobodys),
        ):
            for env in self.people_of(company):
                found = env["integration.delivery"].search([("id", "in", both.ids)])
                self.assertEqual(set(found.ids), set(visible.ids), env.user.login)

    def test_a_delivery_of_another_company_can_be_neither_read_nor_retried_nor_cancelled(self):
        for env in self.people_of(self.env.company):
            theirs = self.theirs.with_env(env)
            for action in (
                lambda theirs=theirs: theirs.read(["record_name"]),
                lambda theirs=theirs: theirs.action_retry(),
                lambda theirs=theirs: theirs.action_cancel("Not ours"),
                lambda theirs=theirs: theirs.event_id.read(["payload"]),
            ):
                with self.assertRaises(AccessError):
                    action()
        self.assertEqual(self.theirs.state, "pending")

    def test_what_a_shared_document_sent_to_another_company_s_endpoint_is_theirs(self):
        shared = self.deliver_to(
            endpoint=self.others_endpoint, record=self.nobodys_partner, company_id=False, state="failed"
        )
        for env in self.people_of(self.env.company):
            found = env["integration.delivery"].search([("id", "in", (shared + self.nobodys).ids)])
            self.assertEqual(found.ids, self.nobodys.ids, env.user.login)
            with self.assertRaises(AccessError):
                shared.with_env(env).action_retry()
            overview = env["integration.delivery"].get_overview()
            self.assertEqual(overview["counts"]["failed"], 0)
        for env in self.people_of(self.other_company):
            self.assertEqual(env["integration.delivery"].browse(shared.id).state, "failed")
        self.assertEqual(shared.state, "failed")

    def test_staff_who_may_not_open_endpoints_see_what_shared_documents_sent_to_their_company_s(self):
        ours_alone = build_endpoint(self.env, "Ours", company_id=self.env.company.id)
        ours = self.deliver_to(endpoint=ours_alone, record=self.nobodys_partner, company_id=False)
        theirs = self.deliver_to(endpoint=self.others_endpoint, record=self.nobodys_partner, company_id=False)
        clerk = new_test_user(
            self.env, "company_clerk", groups="base.group_user,base.group_partner_manager", email=False
        )
        deliveries = self.env["integration.delivery"].with_user(clerk)
        self.assertFalse(self.env["integration.endpoint"].with_user(clerk).has_access("read"))
        found = deliveries.search([("id", "in", (ours + theirs + self.nobodys).ids)])
        self.assertEqual(set(found.ids), {ours.id, self.nobodys.id})
        self.assertEqual(ours.with_user(clerk).endpoint_name, "Ours")

    def test_an_endpoint_of_another_company_is_neither_seen_nor_run(self):
        for env in self.people_of(self.env.company):
            endpoint = self.others_endpoint.with_env(env)
            self.assertNotIn(endpoint, env["integration.endpoint"].search([]))
            with self.assertRaises(AccessError):
                endpoint.action_pause()
            with self.assertRaises(AccessError):
                endpoint.action_close_breaker()
        self.assertEqual(self.others_endpoint.state, "active")

    def test_the_overview_counts_only_what_the_user_s_companies_may_see(self):
        env = next(self.people_of(self.other_company))
        overview = env["integration.delivery"].get_overview()
        self.assertEqual(overview["counts"]["pending"], 3)
        counts = {row["name"]: row["pending_count"] for row in overview["endpoints"]}
        self.assertEqual((counts["Receiver"], counts["Theirs"]), (2, 1))
        self.refuse(self.ours)
        self.assertEqual(env["integration.delivery"].get_exception_count(), {"count": 0})
        self.assertFalse(
            [row for row in env["integration.delivery"].get_overview()["endpoints"] if row["last_error"]]
        )

    def test_companies_that_share_an_endpoint_share_its_window(self):
        self.endpoint.window = 2
        for partner in self.new_partners(2):
            self.deliver_to(record=partner)
            self.deliver_to(record=partner, company_id=self.other_company.id)
        claims = self.claim()
        shared = [claim for claim in claims if claim["endpoint_id"] == self.endpoint.id]
        self.assertEqual(len(shared), 2)
        alone = [claim["delivery_id"] for claim in claims if claim["endpoint_id"] == self.others_endpoint.id]
        self.assertEqual(alone, self.theirs_alone.ids)
