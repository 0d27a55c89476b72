"""The endpoint's last answer in a form that people can read."""

import json

from lxml import etree
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html2plaintext

# How the sidecar marks an answer of which it kept only the beginning.
CUT_MARK = "…"


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    case_answer = fields.Html(
        "Answer",
        compute="_compute_case_answer",
        help="What the other system answered, set out to be read. Only text: nothing in it is carried out.",
    )

    @api.depends_context("lang")
    @api.depends("last_response")
    def _compute_case_answer(self):
        for delivery in self:
            delivery.case_answer = delivery._format_answer(delivery.last_response or "")

    @api.model
    def _format_answer(self, answer):
        """Return the answer as safe HTML with its format named; False when there is none."""
        answer = answer.strip()
        if not answer:
            return False
        kind, text = read_answer(answer)
        labels = {
            "json": self.env._("Structured answer (JSON)"),
            "xml": self.env._("Structured answer (XML)"),
            "html": self.env._("Web page, shown as text"),
            "text": self.env._("Text"),
        }
        note = Markup()
        if answer.endswith(CUT_MARK):
            note = Markup("<p class='opacity-75 mb-0'><em>{}</em></p>").format(
                self.env._("The answer goes on; only its beginning was kept.")
            )
        # Escaped by Markup: whatever the endpoint sent is text here.
        return Markup("<p class='opacity-75 small mb-1'>{}</p><pre class='mb-1 text-wrap'>{}</pre>{}").format(
            labels[kind], text, note
        )


def read_answer(answer):
    """Return ``(kind, readable text)``; kind is json, xml, html or text."""
    for kind, starts, lay_out in (
        ("json", ("{", "["), _lay_out_json),
        ("xml", ("<?xml", "<"), _lay_out_xml),
    ):
        if answer.startswith(starts):
            text = lay_out(answer)
            if text is not None:
                return kind, text
    if answer.startswith("<"):
        return "html", html2plaintext(answer, include_references=False).strip() or answer
    return "text", answer


def _lay_out_json(answer):
    try:
        return json.dumps(json.loads(answer), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None  # cut off, or not JSON after all


def _lay_out_xml(answer):
    head = answer[:200].lower()
    if "<!doctype html" in head or "<html" in head:
        return None
    # No entities and no network: the answer comes from outside.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
    try:
        root = etree.fromstring(answer.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return etree.tostring(root, pretty_print=True, encoding="unicode").strip()
