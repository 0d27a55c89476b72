"""Which endpoints get an event."""

from odoo.tests import tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestRouting(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type(paths=("name",))
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.env["integration.event"]._complete_captured()

    def route(self, **values):
        """Save a partner and return the deliveries of its event."""
        partner = self.env["res.partner"].create({"name": "Ada", **values})
        self.complete()
        return self.events_of(self.event_type).filtered(lambda event: event.res_id == partner.id).delivery_ids

    def test_a_draft_endpoint_gets_nothing(self):
        self.subscribe(self.new_endpoint(activate=False), self.event_type)
        self.assertFalse(self.route())

    def test_an_archived_endpoint_gets_nothing(self):
        endpoint = self.new_endpoint()
        self.subscribe(endpoint, self.event_type)
        endpoint.active = False
        self.assertFalse(self.route())

    def test_an_archived_subscription_gets_nothing(self):
        self.subscribe(self.new_endpoint(), self.event_type).active = False
        self.assertFalse(self.route())

    def test_paused_and_stopped_endpoints_collect_waiting_deliveries(self):
        for state in ("paused", "stopped"):
            endpoint = self.new_endpoint(name=state)
            self.subscribe(endpoint, self.event_type)
            endpoint.state = state
        self.assertEqual(self.route().mapped("state"), ["pending", "pending"])

    def test_an_endpoint_of_one_company_gets_only_its_events(self):
        self.subscribe(self.new_endpoint(company_id=self.other_company.id), self.event_type)
        everywhere = self.new_endpoint(name="All companies")
        self.subscribe(everywhere, self.event_type)
        self.assertEqual(self.route(company_id=self.env.company.id).endpoint_id, everywhere)
        self.assertEqual(len(self.route(company_id=self.other_company.id)), 2)

    def test_an_endpoint_of_a_company_gets_the_events_of_its_branches_but_not_the_other_way_round(self):
        branch = self.env["res.company"].create({"name": "Ward", "parent_id": self.other_company.id})
        head = self.new_endpoint(name="Head", company_id=self.other_company.id)
        ward = self.new_endpoint(name="Ward", company_id=branch.id)
        for endpoint in (head, ward):
            self.subscribe(endpoint, self.event_type)
        self.assertEqual(self.route(company_id=branch.id).endpoint_id, head + ward)
        self.assertEqual(self.route(company_id=self.other_company.id).endpoint_id, head)

    def test_a_record_of_no_company_is_for_the_endpoints_of_every_company(self):
        endpoint = self.new_endpoint(company_id=self.other_company.id)
        self.subscribe(endpoint, self.event_type)
        self.assertEqual(self.route(company_id=False).endpoint_id, endpoint)

    def test_the_record_filter_sees_the_final_values(self):
        self.subscribe(self.new_endpoint(), self.event_type, filter_domain="[('ref', '=', 'yes')]")
        partner = self.env["res.partner"].create({"name": "Ada", "ref": "no"})
        self.env.flush_all()
        partner.ref = "yes"
        self.complete()
        self.assertEqual(len(self.events_of(self.event_type).delivery_ids), 1)
        self.assertFalse(self.route(ref="no"))

    def test_a_delivery_knows_what_its_event_knows(self):
        subscription = self.subscribe(self.new_endpoint(), self.event_type, latency_class="batch")
        delivery = self.route(company_id=self.other_company.id)
        event = delivery.event_id
        self.assertEqual(delivery.subscription_id, subscription)
        self.assertEqual(delivery.lane, "batch")
        self.assertEqual(delivery.sequence, event.sequence)
        self.assertEqual(delivery.company_id, self.other_company)
        self.assertEqual(delivery.record_name, "Ada")
        self.assertEqual(delivery.business_domain, "master_data")
        self.assertEqual(delivery.event_type_id, self.event_type)
        self.assertEqual((delivery.attempt_count, delivery.schedule_start), (0, 0))
        self.assertTrue(delivery.next_attempt_at)

    def test_only_the_latest_event_of_a_record_keeps_waiting_where_that_is_wanted(self):
        all_events, latest = self.new_endpoint(name="All"), self.new_endpoint(name="Latest")
        self.subscribe(all_events, self.event_type)
        self.subscribe(latest, self.event_type, ordering="latest_only")
        partner = self.env["res.partner"].create({"name": "Ada"})
        bystander = self.route()
        for name in ("Grace", "Mary"):
            partner.name = name
            self.complete()
        deliveries = (
            self.events_of(self.event_type)
            .filtered(lambda event: event.res_id == partner.id)
            .delivery_ids.sorted("sequence")
        )
        self.assertEqual(
            deliveries.filtered(lambda d: d.endpoint_id == latest).mapped("state"),
            ["superseded", "superseded", "pending"],
        )
        self.assertEqual(
            set(deliveries.filtered(lambda d: d.endpoint_id == all_events).mapped("state")), {"pending"}
        )
        self.assertEqual(set(bystander.mapped("state")), {"pending"})

    def test_a_delivery_on_its_way_is_not_superseded(self):
        self.subscribe(self.new_endpoint(), self.event_type, ordering="latest_only")
        partner = self.env["res.partner"].create({"name": "Ada"})
        self.complete()
        delivery = self.events_of(self.event_type).delivery_ids
        delivery.write({"lease_worker": "w", "lease_until": "2999-01-01 00:00:00"})
        partner.name = "Grace"
        self.complete()
        self.assertEqual(delivery.state, "pending")

    def test_an_event_without_subscription_is_kept_in_the_ledger(self):
        self.assertFalse(self.route())
        self.assertEqual(self.events_of(self.event_type)[-1].state, "recorded")

    def test_an_urgent_event_makes_what_waits_before_it_of_the_same_record_urgent(self):
        self.subscribe(self.new_endpoint(), self.event_type)
        bystander = self.route()
        earlier = self.route()
        (bystander + earlier).lane = "batch"
        self.env.flush_all()
        partner = self.env["res.partner"].browse(earlier.res_id)
        partner.name = "Ada Lovelace"
        self.complete()
        self.env.invalidate_all()
        self.assertEqual((earlier.lane, bystander.lane), ("urgent", "batch"))

    def test_a_batch_event_lifts_nothing(self):
        self.subscribe(self.new_endpoint(), self.event_type, latency_class="batch")
        earlier = self.route()
        self.env["res.partner"].browse(earlier.res_id).name = "Ada Lovelace"
        self.complete()
        self.env.invalidate_all()
        self.assertEqual(earlier.lane, "batch")
