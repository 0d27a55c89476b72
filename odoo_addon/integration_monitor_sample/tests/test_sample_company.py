"""The sample company is complete, and silent until it is told where its receiver is."""

from odoo.tests import TransactionCase, tagged

LOGINS = ("accountant", "buyer", "warehouse", "sales", "integration_admin")


@tagged("post_install", "-at_install")
class TestSampleCompany(TransactionCase):
    def endpoint(self, hook):
        return self.env.ref(f"integration_monitor_sample.integration_endpoint_{hook}")

    def test_every_sample_user_signs_in_with_his_login_as_password(self):
        for login in LOGINS:
            credential = {"type": "password", "login": login, "password": login}
            info = self.env["res.users"].authenticate(credential, {"interactive": False})
            self.assertEqual(self.env["res.users"].browse(info["uid"]).login, login)

    def test_both_endpoints_are_subscribed_to_every_event_type(self):
        event_types = self.env["integration.event.type"].search([])
        for hook in ("steady", "switchable"):
            self.assertEqual(self.endpoint(hook).subscription_ids.event_type_id, event_types)

    def test_configure_points_the_endpoints_at_the_receiver_and_tells_their_secrets(self):
        secrets = self.env["integration.sample"]._configure("http://127.0.0.1:8099/")
        self.assertEqual(set(secrets), {"steady", "switchable"})
        for hook, secret in secrets.items():
            self.assertEqual(self.endpoint(hook).url, f"http://127.0.0.1:8099/hooks/{hook}")
            self.assertEqual(self.endpoint(hook).state, "active")
            self.assertTrue(secret.startswith("whsec_"))
        self.assertNotEqual(secrets["steady"], secrets["switchable"])

    def test_configure_may_be_repeated(self):
        first = self.env["integration.sample"]._configure("http://127.0.0.1:8099")
        self.assertEqual(self.env["integration.sample"]._configure("http://127.0.0.1:8100"), first)
        self.assertEqual(self.endpoint("steady").url, "http://127.0.0.1:8100/hooks/steady")

    def test_configure_allows_a_receiver_that_has_a_name_inside_the_network(self):
        self.env["integration.sample"]._configure("http://receiver:8071")
        self.assertEqual(self.endpoint("steady").url, "http://receiver:8071/hooks/steady")
        self.assertEqual(self.endpoint("steady").allowed_addresses, "receiver")

    def test_the_accountant_can_post_the_sample_invoice(self):
        accountant = self.env.ref("integration_monitor_sample.user_accountant")
        partner = self.env.ref("integration_monitor_sample.partner_payer")
        invoice = (
            self.env["account.move"]
            .with_user(accountant)
            .search([("partner_id", "=", partner.id), ("state", "=", "draft")], limit=1)
        )
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_the_buyer_can_confirm_the_sample_order(self):
        buyer = self.env.ref("integration_monitor_sample.user_buyer")
        order = (
            self.env["purchase.order"]
            .with_user(buyer)
            .search([("partner_ref", "=", "Q-20871"), ("state", "=", "draft")], limit=1)
        )
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
