"""Client certificates and own authorities: refused at entry when they could not work."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CaptureCase
from .tls_case import certificate_pem, key_pem, new_key


@tagged("post_install", "-at_install")
class TestEndpointTls(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = new_key()
        cls.pair = {"tls_certificate": certificate_pem(cls.key), "tls_key_input": key_pem(cls.key)}

    def export(self, endpoint):
        [settings] = [line for line in endpoint._export_for_sidecar() if line["id"] == endpoint.id]
        return settings["tls"]

    def test_the_sidecar_gets_the_pair_and_the_authority(self):
        authority = certificate_pem(new_key())
        endpoint = self.new_endpoint(auth_kind="mtls", tls_ca=authority, **self.pair)
        self.assertEqual(
            self.export(endpoint),
            {
                "ca": authority,
                "certificate": self.pair["tls_certificate"],
                "key": self.pair["tls_key_input"],
            },
        )

    def test_a_certificate_serves_other_kinds_of_authentication_too(self):
        endpoint = self.new_endpoint(auth_kind="bearer", auth_secret_input="t0ken", **self.pair)
        self.assertEqual(self.export(endpoint)["key"], self.pair["tls_key_input"])

    def test_without_its_key_a_certificate_is_not_handed_out(self):
        endpoint = self.new_endpoint(tls_certificate=self.pair["tls_certificate"])
        self.assertEqual(self.export(endpoint), {"ca": False, "certificate": False, "key": False})

    def test_without_pair_a_mutual_tls_endpoint_is_not_activated(self):
        for missing in ("tls_certificate", "tls_key_input"):
            with self.assertRaisesRegex(UserError, "Enter client certificate and client key", msg=missing):
                self.new_endpoint(auth_kind="mtls", **{**self.pair, missing: False})

    def test_the_key_is_write_only(self):
        endpoint = self.new_endpoint(**self.pair)
        self.assertFalse(endpoint.tls_key_input)
        self.assertTrue(endpoint.has_tls_key)
        admin = endpoint.with_user(self.env.ref("base.user_admin"))
        with self.assertRaises(AccessError):
            admin.read(["tls_key"])
        self.assertNotIn("PRIVATE KEY", str(admin.read()))
        self.assertFalse(endpoint.copy().has_tls_key)

    def test_what_is_no_pem_is_refused(self):
        for values, text in (
            ({"tls_ca": "hello"}, "not a certificate"),
            (
                {"tls_certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"},
                "not a certificate",
            ),
            ({"tls_key_input": "hello"}, "not a private key"),
            ({"tls_key_input": certificate_pem(self.key)}, "not a private key"),
            ({"tls_key_input": key_pem(self.key, b"passphrase")}, "passphrase"),
            (
                {"tls_certificate": self.pair["tls_certificate"] + self.pair["tls_key_input"]},
                "everybody could read",
            ),
        ):
            with self.assertRaisesRegex(ValidationError, text, msg=text), self.env.cr.savepoint():
                self.new_endpoint(activate=False, **values)

    def test_a_key_of_another_certificate_is_refused(self):
        endpoint = self.new_endpoint(**self.pair)
        other = new_key()
        for values in (
            {"tls_key_input": key_pem(other)},
            {"tls_certificate": certificate_pem(other)},
        ):
            with self.assertRaisesRegex(ValidationError, "do not belong together"), self.env.cr.savepoint():
                endpoint.write(values)
        endpoint.invalidate_recordset()
        endpoint.write({"tls_certificate": certificate_pem(other), "tls_key_input": key_pem(other)})
        self.assertEqual(self.export(endpoint)["key"], key_pem(other))

    def test_an_expired_certificate_is_pointed_out(self):
        for days, text in ((-1, "expired on"), (10, "expires on")):
            endpoint = self.new_endpoint(tls_certificate=certificate_pem(self.key, valid_days=days))
            self.assertIn(f"The client certificate {text}", endpoint.tls_warning)
            endpoint = self.new_endpoint(tls_ca=certificate_pem(self.key, valid_days=days))
            self.assertIn(f"The certificate authority {text}", endpoint.tls_warning)
        self.assertFalse(self.new_endpoint(**self.pair).tls_warning)
