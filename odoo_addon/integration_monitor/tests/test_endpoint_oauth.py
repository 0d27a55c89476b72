"""OAuth 2.0 client credentials: what is asked for, checked, and handed to the sidecar."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CaptureCase

COMPLETE = {
    "auth_kind": "oauth2",
    "oauth_token_url": "https://login.example.org/oauth2/token",
    "oauth_client_id": "odoo",
    "auth_secret_input": "s3cret",
}


@tagged("post_install", "-at_install")
class TestEndpointOauth(CaptureCase):
    def export(self, endpoint):
        [settings] = [line for line in endpoint._export_for_sidecar() if line["id"] == endpoint.id]
        return settings["auth"]

    def test_the_sidecar_gets_all_it_needs_and_no_nulls(self):
        endpoint = self.new_endpoint(**COMPLETE, oauth_scope="claims.write", oauth_client_auth="body")
        self.assertEqual(
            self.export(endpoint),
            {
                "kind": "oauth2",
                "header_name": False,
                "username": False,
                "secret": "s3cret",
                "oauth": {
                    "token_url": "https://login.example.org/oauth2/token",
                    "client_id": "odoo",
                    "client_auth": "body",
                    "scope": "claims.write",
                    "audience": False,
                },
            },
        )

    def test_an_incomplete_one_is_not_activated(self):
        for name in ("oauth_token_url", "oauth_client_id", "auth_secret_input"):
            with self.assertRaisesRegex(UserError, "OAuth 2.0 needs more", msg=name):
                self.new_endpoint(**{**COMPLETE, name: False})

    def test_the_token_address_obeys_the_rules_of_addresses(self):
        for url in (
            "http://login.example.org/",
            "https://10.0.0.1/",
            "https://u:p@login.example.org/",
            "nonsense",
        ):
            with self.assertRaisesRegex(ValidationError, "Token address", msg=url):
                self.new_endpoint(activate=False, **{**COMPLETE, "oauth_token_url": url})
        self.new_endpoint(
            **{**COMPLETE, "oauth_token_url": "http://10.0.0.1/token"}, allowed_addresses="10.0.0.1"
        )
