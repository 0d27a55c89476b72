"""Mappings as Odoo keeps them and hands them out."""

import json

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .delivery_case import WORKER, DeliveryCase, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestMapping(DeliveryCase):
    def subscribe(self, mapping, endpoint=None):
        return self.env["integration.subscription"].create(
            {
                "endpoint_id": (endpoint or self.endpoint).id,
                "event_type_id": self.event_type.id,
                "mapping": mapping,
            }
        )

    def claim_all(self):
        return self.door.claim(worker=WORKER, limit=100, credits={})

    def test_a_claim_names_the_mapping_of_each_delivery_and_carries_every_mapping_once(self):
        subscription = self.subscribe('{"number": data.id}')
        plain_endpoint = build_endpoint(self.env, "Plain")
        self.subscribe(False, plain_endpoint)
        plain = self.deliver_to(plain_endpoint)
        mapped = [self.deliver_to(record=partner) for partner in self.new_partners(3)]
        answer = self.claim_all()
        key = str(subscription.id)
        self.assertEqual(answer["mappings"], {key: '{"number": data.id}'})
        mapping_by_delivery = {
            claim["delivery_id"]: claim.get("mapping", "none") for claim in answer["claims"]
        }
        self.assertEqual(mapping_by_delivery, {plain.id: "none", **{delivery.id: key for delivery in mapped}})
        body = json.loads(answer["claims"][-1]["body"])
        self.assertIn("id", body["data"], "the event itself stays as it is")

    def test_without_mappings_a_claim_says_nothing_of_them(self):
        self.subscribe("  \n ")
        self.deliver_to()
        self.assertEqual(
            self.claim_all().keys(), {"claims", "next_due_at", "endpoint_revision", "server_time"}
        )

    def test_a_retry_is_claimed_with_the_present_mapping(self):
        subscription = self.subscribe("data.wrong")
        delivery = self.deliver_to()
        self.claim_all()
        error = "The mapping could not be applied: line 1, column 1: it gives nothing"
        self.report(
            build_outcome(delivery.id, 1, "failed", failure_class="mapping", error=error, status_code=0)
        )
        self.assertEqual(delivery.failure_class, "mapping")
        self.assertEqual(delivery.last_error, error)
        subscription.mapping = "data.id"
        delivery.action_retry()
        self.assertEqual(self.claim_all()["mappings"], {str(subscription.id): "data.id"})

    def test_a_wrong_mapping_says_nothing_about_the_health_of_the_endpoint(self):
        self.endpoint.breaker_threshold = 1
        delivery = self.deliver_to()
        self.claim_all()
        self.report(build_outcome(delivery.id, 1, "failed", failure_class="mapping", status_code=0))
        self.assertEqual(self.endpoint.breaker_state, "closed")

    def test_deliveries_of_an_archived_subscription_keep_its_mapping(self):
        subscription = self.subscribe("data.id")
        self.deliver_to(subscription_id=subscription.id)
        subscription.active = False
        self.assertEqual(list(self.claim_all()["mappings"].values()), ["data.id"])

    def test_a_mapping_cannot_be_deleted_while_deliveries_could_go_out_without_it(self):
        subscription = self.subscribe("data.id")
        self.deliver_to(subscription_id=subscription.id)
        with self.assertRaisesRegex(UserError, "IM_MAPPING_IN_USE.*Archive"):
            subscription.unlink()
        subscription.mapping = False
        subscription.unlink()

    def test_a_mapping_that_is_too_long_is_refused_with_its_length(self):
        with self.assertRaisesRegex(ValidationError, "IM_MAPPING_TOO_LONG.*20000.*20001"):
            self.subscribe("x" * 20_001)
