"""What a claim gives out: in order, within windows, to one worker only."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .delivery_case import WORKER, DeliveryCase, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestSidecarClaim(DeliveryCase):
    def test_a_due_delivery_is_claimed_with_all_that_the_road_needs(self):
        delivery = self.deliver_to()
        (claim,) = self.claim()
        body = json.loads(claim.pop("body"))
        recorded_at = claim.pop("recorded_at")
        self.assertRegex(recorded_at, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertGreater(claim.pop("send_before"), recorded_at)
        self.assertEqual(
            claim,
            {
                "delivery_id": delivery.id,
                "attempt_number": 1,
                "schedule_step": 1,
                "endpoint_id": self.endpoint.id,
                "lane": "urgent",
                "webhook_id": delivery.event_id.event_id,
                "event_type": self.event_type.technical_name,
                "record_key": f"res.partner,{self.partner.id}",
                "sequence": delivery.sequence,
                "is_test": False,
            },
        )
        self.assertEqual(body["id"], delivery.event_id.event_id)
        self.assertEqual(body["data"], {"id": self.partner.id})
        self.assertEqual(delivery.state, "pending")
        self.assertEqual(delivery.lease_worker, WORKER)

    def test_a_leased_delivery_is_not_given_to_a_second_worker(self):
        self.deliver_to()
        self.assertEqual(len(self.claim()), 1)
        self.assertEqual(self.claim(worker="worker-2"), [])

    def test_an_expired_lease_is_taken_over_with_the_same_attempt_number(self):
        delivery = self.deliver_to()
        (first,) = self.claim()
        delivery.lease_until = fields.Datetime.now() - timedelta(seconds=1)
        (second,) = self.claim(worker="worker-2")
        self.assertEqual(second["attempt_number"], first["attempt_number"])
        self.assertEqual(delivery.lease_worker, "worker-2")

    def test_a_delivery_that_is_not_due_yet_waits_and_says_when_it_is(self):
        due_at = fields.Datetime.now() + timedelta(minutes=5)
        self.deliver_to(next_attempt_at=due_at)
        answer = self.door.claim(worker=WORKER, limit=10, credits={})
        self.assertEqual(answer["claims"], [])
        self.assertEqual(answer["next_due_at"], due_at.isoformat(timespec="milliseconds") + "Z")

    def test_nothing_waiting_means_no_next_due_time(self):
        self.assertIs(self.door.claim(worker=WORKER, limit=10, credits={})["next_due_at"], False)

    def test_the_second_event_of_a_record_waits_until_the_first_is_delivered(self):
        first, second = self.deliver_to(), self.deliver_to()
        self.assertEqual(self.claim_ids(), first.ids)
        self.assertEqual(self.claim_ids(), [], "leased first")
        self.publish([{"delivery_id": first.id, "attempt_number": 1}])
        self.assertEqual(self.claim_ids(), [], "queued first")
        self.report(build_outcome(first.id))
        self.assertEqual(self.claim_ids(), second.ids)

    def test_the_second_event_waits_while_the_first_is_retried(self):
        first, second = self.deliver_to(), self.deliver_to()
        self.claim()
        self.report(build_outcome(first.id, result="retry"))
        self.assertEqual(self.claim_ids(), [])
        self.assertEqual(second.state, "pending")

    def test_a_failed_delivery_holds_its_followers_where_the_endpoint_holds(self):
        first, second = self.deliver_to(), self.deliver_to()
        self.refuse(first)
        self.assertEqual(self.claim_ids(), [])
        self.assertEqual(second.held_by_id, first)

    def test_a_failed_delivery_lets_its_followers_pass_where_the_endpoint_passes(self):
        self.endpoint.after_failure = "pass"
        first, second = self.deliver_to(), self.deliver_to()
        self.refuse(first)
        self.assertEqual(self.claim_ids(), second.ids)
        self.assertFalse(second.held_by_id)

    def test_a_cancelled_delivery_holds_nothing(self):
        first, second = self.deliver_to(), self.deliver_to()
        self.refuse(first)
        first.action_cancel("Known to the receiver")
        self.assertEqual(self.claim_ids(), second.ids)

    def test_different_records_do_not_wait_for_each_other(self):
        ours = self.deliver_to()
        self.refuse(ours)
        others = self.deliver_to(record=self.new_partners(1))
        self.assertEqual(self.claim_ids(), others.ids)

    def test_different_endpoints_do_not_wait_for_each_other(self):
        self.refuse(self.deliver_to())
        other = self.deliver_to(endpoint=build_endpoint(self.env, "Other"))
        self.assertEqual(self.claim_ids(), other.ids)

    def test_urgent_deliveries_go_before_batch_ones(self):
        partners = self.new_partners(2)
        batch = self.deliver_to(record=partners[0], lane="batch")
        urgent = self.deliver_to(record=partners[1], next_attempt_at=fields.Datetime.now())
        self.assertEqual(self.claim_ids(), [urgent.id, batch.id])

    def test_a_backlog_of_one_endpoint_does_not_starve_another(self):
        for partner in self.new_partners(20):
            self.deliver_to(record=partner, next_attempt_at=fields.Datetime.now() - timedelta(days=1))
        small = self.deliver_to(endpoint=build_endpoint(self.env, "Small"))
        self.assertIn(small.id, self.claim_ids(limit=2))

    def test_no_more_than_the_window_is_on_the_road(self):
        self.endpoint.window = 3
        for partner in self.new_partners(5):
            self.deliver_to(record=partner)
        first = self.claim(limit=2)
        self.assertEqual(len(first), 2)
        self.publish(first[:1])
        self.assertEqual(len(self.claim()), 1, "one leased and one queued leave room for one")
        self.report(build_outcome(first[0]["delivery_id"]))
        self.assertEqual(len(self.claim()), 1, "the delivered one made room")

    def test_credits_bound_only_the_endpoints_they_name(self):
        other = build_endpoint(self.env, "Other")
        for partner in self.new_partners(3):
            self.deliver_to(record=partner)
            self.deliver_to(record=partner, endpoint=other)
        claims = self.claim(credits={str(self.endpoint.id): 1})
        endpoint_ids = [claim["endpoint_id"] for claim in claims]
        self.assertEqual(endpoint_ids.count(self.endpoint.id), 1)
        self.assertEqual(endpoint_ids.count(other.id), 3)

    def test_a_credit_of_zero_gives_nothing(self):
        self.deliver_to()
        self.assertEqual(self.claim(credits={str(self.endpoint.id): 0}), [])

    def test_nothing_is_claimed_for_a_paused_or_stopped_endpoint(self):
        self.deliver_to()
        for state in ("paused", "stopped", "draft"):
            self.endpoint.state = state
            self.assertEqual(self.claim(), [], state)

    def test_nothing_is_claimed_for_an_archived_endpoint(self):
        self.deliver_to()
        self.endpoint.active = False
        self.assertEqual(self.claim(), [])

    def test_nothing_is_claimed_for_an_endpoint_activated_in_another_environment(self):
        self.deliver_to()
        self.endpoint.sudo().write({"environment_uuid": "11111111-2222-3333-4444-555555555555"})
        answer = self.door.claim(worker=WORKER, limit=10, credits={})
        self.assertEqual(answer["claims"], [])
        self.assertIs(answer["next_due_at"], False)

    def test_wrong_arguments_of_a_claim_are_refused_with_what_was_expected(self):
        wrong = [
            ({"limit": "x"}, 'limit must be a whole number from 1 to 1000, got "x"'),
            ({"limit": 0}, "limit must be a whole number from 1 to 1000, got 0"),
            ({"limit": True}, "limit must be a whole number"),
            ({"limit": 1001}, "limit must be a whole number"),
            ({"worker": ""}, "worker must be a text"),
            ({"worker": 7}, "worker must be a text"),
            ({"credits": []}, "credits must be an object"),
            ({"credits": {"a": 1}}, "a key of credits must be an endpoint id"),
            ({"credits": {"1": -1}}, r"credits\[1\] must be a whole number"),
        ]
        for arguments, expected in wrong:
            with self.assertRaisesRegex(ValidationError, f"IM_CLAIM_INVALID: .*{expected}"):
                self.door.claim(**{"worker": WORKER, "limit": 10, "credits": {}, **arguments})
