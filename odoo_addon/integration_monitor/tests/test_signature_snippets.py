"""The code that receivers are shown, run against signatures; the sidecar's tests do that for TypeScript."""

import base64
import hashlib
import hmac
import os
import subprocess
import tempfile
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from odoo.tests import TransactionCase, tagged

from ..endpoint.signature_snippets import read_snippet
from ..endpoint.signing_secret import derive_public_key, generate_signing_key, generate_signing_secret

BODY = '{"data":{"name":"INV/2026/00001 ü €"}}'.encode()


@tagged("post_install", "-at_install")
class TestSignatureSnippets(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = generate_signing_secret()
        cls.key = generate_signing_key()

    def sign(self, secret=None, age_s=0):
        """Headers with both signatures, made here by the standard and not by the code under test."""
        timestamp = int(time.time()) - age_s
        content = f"evt_1.{timestamp}.".encode() + BODY
        key = base64.b64decode((secret or self.secret).removeprefix("whsec_"))
        symmetric = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(self.key.removeprefix("whsk_")))
        asymmetric = base64.b64encode(private.sign(content)).decode()
        return {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(timestamp),
            "webhook-signature": f"v1,b2xk v1,{symmetric} v1a,{asymmetric}",
        }

    def load_python(self, scheme):
        names = {}
        exec(compile(read_snippet("python", scheme), scheme, "exec"), names)  # noqa: S102 our own file
        key = self.secret if scheme == "v1" else derive_public_key(self.key)
        return lambda headers, body: names["is_genuine"](headers, body, key)

    def test_python_takes_what_we_sign_and_refuses_all_else(self):
        for scheme in ("v1", "v1a"):
            with self.subTest(scheme=scheme):
                is_genuine = self.load_python(scheme)
                self.assertTrue(is_genuine(self.sign(), BODY))
                self.assertFalse(is_genuine(self.sign(), BODY + b" "))
                self.assertFalse(is_genuine(self.sign(age_s=301), BODY))
                self.assertFalse(is_genuine({}, BODY))
                self.assertFalse(is_genuine({**self.sign(), "webhook-timestamp": "soon"}, BODY))
                self.assertFalse(is_genuine({**self.sign(), "webhook-signature": "v1,é v1a,x"}, BODY))
        self.assertFalse(self.load_python("v1")(self.sign(generate_signing_secret()), BODY))

    def run_shell(self, scheme, headers, body=BODY):
        signature = headers["webhook-signature"].rpartition("v1a,")[2]
        script = read_snippet(
            "shell",
            scheme,
            {
                "whpk_YOUR_PUBLIC_KEY": derive_public_key(self.key),
                "WEBHOOK_ID": headers["webhook-id"],
                "WEBHOOK_TIMESTAMP": headers["webhook-timestamp"],
                "WEBHOOK_SIGNATURE_V1A": signature,
            },
        )
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/body.json", "wb") as file:
                file.write(body)
            return subprocess.run(
                ["bash", "-c", script],
                cwd=folder,
                env={**os.environ, "WEBHOOK_SECRET": self.secret},
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )

    def test_the_shell_computes_the_shared_secrets_signature(self):
        headers = self.sign()
        self.assertIn(self.run_shell("v1", headers).stdout.strip(), headers["webhook-signature"].split(" "))
        self.assertNotIn(
            self.run_shell("v1", headers, b"{}").stdout.strip(), headers["webhook-signature"].split(" ")
        )

    def test_the_shell_verifies_a_key_pairs_signature(self):
        headers = self.sign()
        self.assertEqual(self.run_shell("v1a", headers).returncode, 0)
        self.assertNotEqual(self.run_shell("v1a", headers, b"{}").returncode, 0)
