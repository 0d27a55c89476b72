"""A delivery as a case for a person: what happened, what it means, what to do, and whose turn it is."""

import re

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import babel_locale_parse, get_lang

from .case_consequences import (
    CONSEQUENCES,
    OTHER_CONSEQUENCE,
    STILL_TRIED,
    STILL_TRIED_BUT_OURS,
    WAITING_ADVICE,
    WAITING_MEANS,
)
from .case_words import find_words

# The sidecar puts the endpoint's own words in quotes behind our sentence.
OWN_WORDS = re.compile(r': "(.+)"', re.DOTALL)
# Here the whole text is ours, and says what exactly has to be corrected.
OUR_CLASSES = frozenset({"configuration", "mapping", "payload", "address_refused", "poison"})


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    case_summary = fields.Text("What Happened There", compute="_compute_case_words")
    case_advice = fields.Text("What to Do", compute="_compute_case_words")
    case_consequence = fields.Text("What It Means", compute="_compute_case_words")

    responsible_id = fields.Many2one(
        "res.users",
        "Owner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Who takes care of it. First the person the document belongs to.",
    )
    snoozed_until = fields.Datetime(
        "Snoozed Until",
        readonly=True,
        help="The inbox hides it until then, or until something new happens to it.",
    )
    escalated_at = fields.Datetime(
        "Escalated At", readonly=True, help="When somebody else was told that it has waited for too long."
    )

    case_age = fields.Char(
        "Age", compute="_compute_case_age", help="How long the other system has been without it."
    )

    @api.depends_context("lang")
    @api.depends("create_date", "first_delivered_at", "waiting_since")
    def _compute_case_age(self):
        now = self._now()
        locale = babel_locale_parse(get_lang(self.env).code)
        for delivery in self:
            # Of a replay, the other system has had it once.
            since = delivery.waiting_since if delivery.first_delivered_at else delivery.create_date
            delivery.case_age = since and format_timedelta(now - since, locale=locale)

    @api.depends_context("lang")
    @api.depends("state", "failure_class", "last_error", "record_name", "endpoint_id.name", "business_domain")
    def _compute_case_words(self):
        for delivery in self:
            means, advice, consequence = delivery._find_case_words()
            delivery.case_summary = means
            delivery.case_advice = advice
            delivery.case_consequence = consequence

    def _find_case_words(self):
        """Return what happened, what to do and what it means; nothing where nothing is the matter."""
        if not self.case_kind:
            return False, False, False
        words = {
            "endpoint": self.endpoint_name,
            "document": self.record_name or f"{self.res_model},{self.res_id}",
        }

        def say(text):
            return self.env._(text) % words

        consequence = say(CONSEQUENCES.get(self.business_domain, OTHER_CONSEQUENCE))
        if self.case_kind == "waiting":
            return say(WAITING_MEANS), say(WAITING_ADVICE), consequence
        case = find_words(self.failure_class)
        advice = say(case.advice)
        if self.state != "failed":
            first = STILL_TRIED if case.kind == "unreachable" else STILL_TRIED_BUT_OURS
            advice = say(first) if case.kind == "unreachable" else f"{say(first)} {advice}"
        return self._join_answer(say(case.means)), advice, consequence

    def _join_answer(self, means):
        """Add to our sentence what the other system said, or what exactly is wrong on our side."""
        error = (self.last_error or "").strip()
        if quoted := OWN_WORDS.search(error):
            return self.env._("%(what)s It said: “%(answer)s”", what=means, answer=quoted[1])
        if error and (self.failure_class in OUR_CLASSES or not self.attempt_count):
            return f"{means} {error}"
        return means
