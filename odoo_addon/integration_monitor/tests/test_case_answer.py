"""Whatever an endpoint answers is shown as text that people can read, and never carried out."""

import html

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestCaseAnswer(DeliveryCase):
    def show(self, answer):
        return self.deliver_to(record=self.new_partners(1), last_response=answer).case_answer

    def test_json_is_laid_out(self):
        shown = self.show('{"errors":[{"field":"vat","text":"fällt aus"}]}')
        self.assertIn('      "field": "vat"', html.unescape(shown))
        self.assertIn("fällt aus", shown)
        self.assertIn("JSON", shown)

    def test_xml_is_laid_out_without_resolving_entities(self):
        shown = self.show('<?xml version="1.0"?><fault><code>7</code><text>no</text></fault>')
        self.assertIn("&lt;code&gt;7&lt;/code&gt;\n", shown)
        evil = self.show(
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
        )
        self.assertNotIn("root:", evil)

    def test_a_web_page_is_shown_as_its_text(self):
        shown = self.show(
            "<!DOCTYPE html><html><body><h1>Bad gateway</h1><script>alert(1)</script></body></html>"
        )
        self.assertIn("Bad gateway", shown)
        self.assertNotIn("<script", shown)
        self.assertNotIn("<h1", shown)

    def test_markup_in_any_answer_stays_text(self):
        for answer in (
            "no <img src=x onerror=alert(1)>",
            '{"text": "<img src=x onerror=alert(1)>"}',
            "<img src=x onerror=alert(1)>",
            "<a><b",
        ):
            with self.subTest(answer=answer):
                self.assertNotIn("<img", self.show(answer))

    def test_an_answer_that_was_cut_off_says_so(self):
        for answer in ('{"errors": [{"field": "vat…', "A long story…"):
            self.assertIn("only its beginning", html2plaintext(self.show(answer)))
        self.assertNotIn("only its beginning", self.show("A short story"))

    def test_no_answer_shows_nothing(self):
        self.assertFalse(self.show(False))
        self.assertFalse(self.show("  "))
