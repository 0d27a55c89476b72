"""How much a claim carries at once."""

import json

from odoo.tests import tagged

from .delivery_case import WORKER, DeliveryCase, build_endpoint


@tagged("post_install", "-at_install")
class TestClaimBytes(DeliveryCase):
    def test_a_claim_carries_one_event_of_any_size_and_more_up_to_the_limit_of_bytes(self):
        self.env["ir.config_parameter"].set_param("integration_monitor.claim_bytes_max", "1000")
        deliveries = [self.deliver_to(record=partner) for partner in self.new_partners(5)]
        for delivery, size in zip(deliveries, (5000, 400, 400, 400, 10), strict=True):
            delivery.event_id.payload = json.dumps({"text": "x" * size})
        ids = [delivery.id for delivery in deliveries]
        answers = []
        while len(answers) < 4 and sum(len(answer["claims"]) for answer in answers) < 5:
            answers.append(self.door.claim(worker=WORKER, limit=100, credits={}))
        claimed = [[claim["delivery_id"] for claim in answer["claims"]] for answer in answers]
        self.assertEqual(claimed, [ids[:1], ids[1:4], ids[4:]])
        is_more_due_now = [
            answer["next_due_at"] and answer["next_due_at"] <= answer["server_time"] for answer in answers
        ]
        self.assertEqual(is_more_due_now[:2], [True, True])
        self.assertFalse(is_more_due_now[2])

    def test_an_endpoint_without_credit_gets_nothing_while_others_are_served(self):
        other = build_endpoint(self.env, "Other")
        self.deliver_to()
        served = self.deliver_to(endpoint=other)
        self.assertEqual(self.claim_ids(credits={str(self.endpoint.id): 0}), served.ids)
