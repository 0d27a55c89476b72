"""The encryption itself: what opens what, and what is refused."""

import base64

from odoo.tests import BaseCase, tagged

from ..endpoint.secret_box import SecretBox, SecretKeyInvalid, SecretUnreadable, is_sealed, parse_keys

OLD, NEW = b"o" * 32, b"n" * 32
PLACE = "integration.endpoint,7,auth_secret"


@tagged("post_install", "-at_install")
class TestSecretBox(BaseCase):
    def test_a_sealed_secret_opens_and_shows_nothing(self):
        box = SecretBox([NEW])
        for secret in ("s3cret", "", "ü€😀 \n", "x" * 10_000):
            sealed = box.seal(secret, PLACE)
            self.assertTrue(is_sealed(sealed))
            self.assertEqual(box.open(sealed, PLACE), secret)
        self.assertNotIn("s3cret", box.seal("s3cret", PLACE))

    def test_the_same_secret_is_never_sealed_alike(self):
        box = SecretBox([NEW])
        self.assertNotEqual(box.seal("s3cret", PLACE), box.seal("s3cret", PLACE))

    def test_the_first_key_seals_and_every_key_opens(self):
        sealed = SecretBox([OLD]).seal("s3cret", PLACE)
        both = SecretBox([NEW, OLD])
        self.assertEqual(both.open(sealed, PLACE), "s3cret")
        self.assertTrue(both.seal("s3cret", PLACE).startswith(both.current_prefix))
        self.assertEqual(SecretBox([NEW]).open(both.seal("s3cret", PLACE), PLACE), "s3cret")

    def test_a_secret_of_another_place_key_or_content_is_refused(self):
        box = SecretBox([NEW])
        sealed = box.seal("s3cret", PLACE)
        damaged = "A" if sealed[20] != "A" else "B"
        for text, place in (
            (sealed, "integration.endpoint,8,auth_secret"),
            (sealed, "integration.endpoint,7,signing_secret"),
            (sealed[:20] + damaged + sealed[21:], PLACE),
            (sealed[:-4], PLACE),
            ("s3cret", PLACE),
            (SecretBox([OLD]).seal("s3cret", PLACE), PLACE),
        ):
            with self.assertRaises(SecretUnreadable):
                box.open(text, place)

    def test_keys_are_base64_of_32_bytes(self):
        standard = base64.b64encode(b"\xff" * 32).decode()
        url_safe = base64.urlsafe_b64encode(b"\xff" * 32).decode()
        self.assertEqual(parse_keys(f"{standard}, {url_safe}"), [b"\xff" * 32] * 2)
        for nothing in (None, "", " , "):
            self.assertEqual(parse_keys(nothing), [])
        for bad in ("hunter2", "c2hvcnQ=", base64.b64encode(b"x" * 31).decode(), f"{standard},nonsense!"):
            with self.assertRaises(SecretKeyInvalid) as caught:
                parse_keys(bad)
            self.assertNotIn(bad, str(caught.exception))
