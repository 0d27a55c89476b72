"""Which addresses an endpoint may have."""

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged

from ..endpoint.url_rules import UrlRefused, check_url
from .common import CaptureCase


class TestEndpointUrl(BaseCase):
    def assertRefused(self, code, url, allowed=""):
        with self.assertRaises(UrlRefused, msg=url) as caught:
            check_url(url, allowed)
        self.assertEqual(caught.exception.code, code, url)

    def test_public_https_addresses_are_accepted(self):
        for url in (
            "https://erp.example.org/hooks?x=1",
            "https://example.org:8443",
            "https://93.184.216.34/",
            "https://[2606:2800:220:1::1]/hook",
        ):
            check_url(url, "")

    def test_anything_but_an_absolute_http_address_is_refused(self):
        for url in (
            "example.org",
            "/hooks",
            "ftp://example.org",
            "https://",
            "javascript:alert(1)",
            "https://exa mple.org",
            "https://example.org\\@evil.org",
            "https://example.org:port/",
        ):
            self.assertRefused("absolute", url)

    def test_credentials_in_the_url_are_refused_and_not_repeated(self):
        with self.assertRaises(UrlRefused) as caught:
            check_url("https://user:s3cret@example.org/", "")
        self.assertEqual(caught.exception.code, "userinfo")
        self.assertNotIn("s3cret", str(caught.exception))

    def test_plain_http_is_accepted_only_where_listed(self):
        self.assertRefused("plain_http", "http://lab.example.org/")
        check_url("http://lab.example.org/", "other.example.org\nLAB.example.org")
        check_url("http://10.1.2.3:8080/", "10.0.0.0/8")

    def test_addresses_that_are_not_public_are_accepted_only_where_listed(self):
        for url in (
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://0.0.0.0/",
            "https://localhost/",
            "https://odoo/",
            "https://db.internal/",
            "https://224.0.0.1/",
        ):
            self.assertRefused("address", url)
        check_url("https://10.1.2.3/", "10.0.0.0/8")
        check_url("https://localhost/", "localhost")
        check_url("https://[::1]/", "::1")
        self.assertRefused("address", "https://10.1.2.3/", "192.168.0.0/16")

    def test_numbers_that_some_systems_read_as_addresses_are_refused(self):
        for url in ("https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://017700000001/"):
            self.assertRefused("host", url)

    def test_a_wrong_entry_in_the_list_is_named(self):
        self.assertRefused("allowed_address", "https://example.org/", "10.0.0.0/99")


@tagged("post_install", "-at_install")
class TestEndpointUrlConstraint(CaptureCase):
    def test_a_refused_url_is_explained(self):
        with self.assertRaisesRegex(ValidationError, "Use https, or list “lab.example.org”"):
            self.new_endpoint(url="http://lab.example.org/")
        self.new_endpoint(url="http://lab.example.org/", allowed_addresses="lab.example.org")

    def test_a_list_that_no_longer_allows_the_url_is_refused(self):
        endpoint = self.new_endpoint(url="http://lab.example.org/", allowed_addresses="lab.example.org")
        with self.assertRaises(ValidationError):
            endpoint.allowed_addresses = False
