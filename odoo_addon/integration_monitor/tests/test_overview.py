"""The overview: every number is the length of the list behind it, and of one's companies only."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestOverview(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other clinic"})
        cls.usd = cls.env.ref("base.USD")
        cls.eur = cls.env.ref("base.EUR")
        cls.user = new_test_user(
            cls.env,
            "overview_user",
            groups="integration_monitor.group_user",
            company_id=cls.env.company.id,
            company_ids=[(6, 0, (cls.env.company + cls.other_company).ids)],
        )
        cls.second = build_endpoint(cls.env, "Second")
        cls.theirs = build_endpoint(cls.env, "Theirs", company_id=cls.other_company.id)
        # What the database holds already is not this test's.
        cls.env["integration.delivery"].search([]).write({"state": "cancelled"})

    def deliveries_as(self, companies=None):
        companies = companies or self.env.company
        env = self.env(user=self.user, context={"allowed_company_ids": companies.ids})
        return env["integration.delivery"]

    def wait_since(self, minutes, **values):
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        return self.deliver_to(waiting_since=since, create_date=since, **values)

    def fill(self):
        """Something of everything, in both companies and in none."""
        partners = self.new_partners(3)
        for partner in partners:
            self.wait_since(1, record=partner)
            self.wait_since(30, record=partner)
            self.wait_since(30, record=partner, lane="batch")
            self.wait_since(90, record=partner, lane="batch", endpoint=self.second)
            self.wait_since(90, record=partner, company_id=self.other_company.id)
            self.wait_since(2, record=partner, company_id=False, state="failed")
            self.wait_since(2, record=partner, company_id=False, state="failed", endpoint=self.theirs)
        self.env.flush_all()

    def count(self, deliveries, domains, *parts):
        return deliveries.search_count([*domains["company"], *(item for part in parts for item in part)])

    def test_every_number_is_the_length_of_the_list_behind_it(self):
        self.fill()
        both = self.env.company + self.other_company
        for companies, company in ((self.env.company, False), (both, False), (both, self.other_company)):
            deliveries = self.deliveries_as(companies)
            overview = deliveries.get_overview(company_id=company and company.id)
            domains = overview["domains"]
            for state in ("pending", "queued", "failed"):
                found = self.count(deliveries, domains, [("state", "=", state)])
                self.assertEqual(overview["counts"][state], found, state)
            self.assertEqual(overview["held"]["deliveries"], self.count(deliveries, domains, domains["held"]))
            self.assertGreater(overview["held"]["deliveries"], 0)
            for process in overview["processes"]:
                own = [("business_domain", "=", process["key"])]
                waiting = [("state", "in", ["pending", "queued"])]
                self.assertEqual(process["waiting"], self.count(deliveries, domains, own, waiting))
                self.assertEqual(
                    process["failed"], self.count(deliveries, domains, own, [("state", "=", "failed")])
                )
                self.assertEqual(
                    process["held"]["deliveries"], self.count(deliveries, domains, own, domains["held"])
                )
            for endpoint in overview["endpoints"]:
                own = [("endpoint_id", "=", endpoint["id"])]
                waiting = [("state", "in", ["pending", "queued"])]
                self.assertEqual(endpoint["pending_count"], self.count(deliveries, domains, own, waiting))
                self.assertEqual(
                    endpoint["failed_count"], self.count(deliveries, domains, own, [("state", "=", "failed")])
                )
                self.assertEqual(
                    endpoint["held"]["deliveries"], self.count(deliveries, domains, own, domains["held"])
                )

    def test_a_document_that_waits_for_two_systems_counts_once_with_its_latest_amount(self):
        for endpoint, amount in ((self.endpoint, 100), (self.second, 120)):
            self.wait_since(10, endpoint=endpoint, amount=amount, currency_id=self.usd.id)
        self.wait_since(10, record=self.new_partners(1), amount=7.5, currency_id=self.eur.id)
        self.wait_since(1, record=self.new_partners(1), amount=9000, currency_id=self.usd.id)
        held = self.deliveries_as().get_overview()["held"]
        self.assertEqual((held["deliveries"], held["documents"]), (3, 2))
        self.assertEqual(
            [(part["currency"], part["amount"]) for part in held["money"]], [("EUR", 7.5), ("USD", 120)]
        )
        company = self.env.company
        in_ours = sum(
            currency._convert(amount, company.currency_id, company, fields.Date.today())
            for currency, amount in ((self.eur, 7.5), (self.usd, 120))
        )
        self.assertEqual(held["worth"]["currency_id"], company.currency_id.id)
        self.assertAlmostEqual(held["worth"]["amount"], in_ours, places=2)

    def test_what_waits_for_its_turn_is_no_harm_until_it_is_late(self):
        self.wait_since(4)
        self.wait_since(59, lane="batch")
        overview = self.deliveries_as().get_overview()
        self.assertEqual((overview["held"]["deliveries"], overview["held"]["since"]), (0, False))
        late = self.wait_since(6)
        held = self.deliveries_as().get_overview()["held"]
        self.assertEqual(held["deliveries"], 1)
        self.assertTrue(held["since"].startswith(late.waiting_since.isoformat()))

    def test_attempts_are_counted_once_before_and_after_they_are_counted_by_hour(self):
        hours = self.env["integration.delivery.hour"]
        before = self.deliveries_as().get_overview()["series"]
        ok, retried, failed = (self.deliver_to(record=partner) for partner in self.new_partners(3))
        now = fields.Datetime.now().isoformat() + ".000Z"
        self.report(
            build_outcome(ok.id, started_at=now),
            build_outcome(retried.id, result="retry", started_at=now),
            build_outcome(failed.id, result="failed", started_at=now),
        )
        expected = [before[name][-1] + 1 for name in ("delivered", "retried", "failed")]
        for round_of in ("live", "counted", "counted again"):
            series = self.deliveries_as().get_overview()["series"]
            found = [series[name][-1] for name in ("delivered", "retried", "failed")]
            self.assertEqual(found, expected, round_of)
            latest = self.env["integration.delivery.attempt"].search([], order="id desc", limit=1)
            hours._count_batch(latest.id)
        attempts = self.deliveries_as().env["integration.delivery.attempt"]
        since = [("started_at", ">=", series["starts"][-1])]
        self.assertEqual(
            series["delivered"][-1], attempts.search_count([*since, ("outcome", "=", "delivered")])
        )
        self.assertEqual(len(series["starts"]), 24)
        self.assertTrue(series["most_within"][-1])

    def test_attempts_of_another_company_are_not_counted(self):
        now = fields.Datetime.now().isoformat() + ".000Z"
        hours = self.env["integration.delivery.hour"]
        before = self.deliveries_as().get_overview()["series"]["delivered"][-1]
        for values in (
            {"company_id": self.other_company.id},
            {"company_id": False, "endpoint": self.theirs},
        ):
            self.report(build_outcome(self.deliver_to(**values).id, started_at=now))
        for _round in ("live", "counted"):
            overview = self.deliveries_as().get_overview()
            self.assertEqual(overview["series"]["delivered"][-1], before)
            self.assertNotIn(self.theirs.id, [endpoint["id"] for endpoint in overview["endpoints"]])
            both = self.deliveries_as(self.env.company + self.other_company).get_overview()
            self.assertEqual(both["series"]["delivered"][-1], before + 2)
            hours._count_batch(2**31 - 1)

    def test_the_scheduled_action_counts_and_forgets(self):
        hours = self.env["integration.delivery.hour"]
        old = hours.create(
            {"hour": fields.Datetime.now() - timedelta(days=101), "endpoint_id": self.endpoint.id}
        )
        with self.enter_registry_test_mode():
            self.env.ref("integration_monitor.ir_cron_count_hours").method_direct_trigger()
        self.assertFalse(old.exists())

    def test_a_period_is_cut_at_the_reader_s_midnight(self):
        self.user.tz = "America/New_York"
        starts = self.deliveries_as().get_overview("7d")["series"]["starts"]
        self.assertEqual(len(starts), 7)
        for start in starts:
            reader = self.user.with_user(self.user)
            at = fields.Datetime.context_timestamp(reader, fields.Datetime.to_datetime(start))
            self.assertEqual((at.hour, at.minute), (0, 0))

    def test_a_period_or_company_that_one_has_not_is_refused(self):
        with self.assertRaisesRegex(UserError, "IM_PERIOD_UNKNOWN"):
            self.deliveries_as().get_overview("1y")
        with self.assertRaises(AccessError):
            self.deliveries_as().get_overview(company_id=self.other_company.id)
