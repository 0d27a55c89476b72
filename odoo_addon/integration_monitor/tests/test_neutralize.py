"""A copy of the database sends nothing."""

from odoo.tests import tagged
from odoo.tools import file_open

from ..models.integration_endpoint_secret import SECRET_FIELDS
from .delivery_case import DeliveryCase, build_outcome
from .tls_case import certificate_pem, key_pem, new_key


@tagged("post_install", "-at_install")
class TestNeutralize(DeliveryCase):
    def neutralize(self):
        self.flush()
        with file_open("integration_monitor/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.registry.clear_all_caches()
        self.env.invalidate_all()

    def test_a_neutralised_copy_has_no_active_endpoint_and_no_secret(self):
        key = new_key()
        self.endpoint.write(
            {
                "auth_secret_input": "s3cret",
                "tls_certificate": certificate_pem(key),
                "tls_key_input": key_pem(key),
            }
        )
        for _turn in range(2):
            self.endpoint.action_generate_signing_secret()
            self.endpoint.action_generate_signing_key()
        stored = self.env["integration.endpoint"]._read_stored_secrets()
        names = {name for endpoint_id, name, _value in stored if endpoint_id == self.endpoint.id}
        self.assertEqual(names, set(SECRET_FIELDS), "every kind of secret is there to be removed")
        self.neutralize()
        self.assertEqual(self.env["integration.endpoint"]._read_stored_secrets(), [])
        self.assertFalse(self.endpoint.signing_public_key)
        self.assertEqual(self.endpoint.state, "draft")
        self.assertFalse(self.endpoint.environment_uuid)
        self.assertFalse(self.endpoint.has_auth_secret)
        self.assertFalse(self.endpoint.has_signing_secret)

    def test_a_neutralised_copy_gives_nothing_to_a_sidecar(self):
        partners = self.new_partners(3)
        waiting, queued, failed = (self.deliver_to(record=partner) for partner in partners)
        self.publish([c for c in self.claim() if c["delivery_id"] == queued.id])
        self.refuse(failed)
        self.neutralize()
        self.assertEqual(self.claim(), [])
        for delivery in (waiting, queued):
            self.assertEqual((delivery.state, delivery.state_reason), ("cancelled", "neutralised copy"))
        self.assertEqual(failed.state, "failed")

    def test_a_replay_under_way_is_delivered_as_before_in_a_neutralised_copy(self):
        delivery = self.deliver_to()
        self.claim()
        self.report(build_outcome(delivery.id))
        delivered_at = delivery.delivered_at
        delivery.action_replay()
        self.neutralize()
        self.assertEqual((delivery.state, delivery.delivered_at), ("delivered", delivered_at))
        self.assertEqual(self.claim(), [])

    def test_a_neutralised_copy_does_not_wake_the_originals_sidecar(self):
        channel = self.env["integration.bus"]._wake_channel()
        self.neutralize()
        self.assertNotEqual(self.env["integration.bus"]._wake_channel(), channel)
