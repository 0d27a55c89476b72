"""What became of a test: request, answer, the time it took, what it means, and code for the receiver."""

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..endpoint.signature_snippets import LANGUAGES, read_snippet
from ..models.test_rules import TEST_AGE_MAX_S
from .integration_endpoint_test_wizard import lay_out_json

# After so long without a sidecar people are told what is missing.
PATIENCE_S = 4
# A sidecar that is well takes a test within two seconds.
LONG_WAIT_S = 10


class IntegrationEndpointTestWizard(models.TransientModel):
    _inherit = "integration.endpoint.test.wizard"

    # With the person's rights, because a client may name any delivery.
    delivery_id = fields.Many2one("integration.delivery", readonly=True, ondelete="set null")
    state = fields.Selection(related="delivery_id.state", related_sudo=False)
    progress = fields.Char(compute="_compute_progress", help="What the test waits for.")
    is_stuck = fields.Boolean(compute="_compute_progress")
    status_text = fields.Char("Answer", compute="_compute_result")
    duration_ms = fields.Integer("Took (ms)", compute="_compute_result")
    request_head = fields.Text("Request", compute="_compute_result")
    request_body = fields.Text("Body", compute="_compute_result")
    answer = fields.Html(compute="_compute_result")
    verdict = fields.Char(compute="_compute_result")
    advice = fields.Text(compute="_compute_result")
    snippet_language = fields.Selection(
        [(key, language.label) for key, language in LANGUAGES.items()],
        "Language",
        default="typescript",
        required=True,
    )
    snippet_scheme = fields.Selection(
        [("v1", "Shared secret (v1)"), ("v1a", "Key pair (v1a)")], "Signature", default="v1", required=True
    )
    snippet = fields.Text(compute="_compute_snippet")

    @api.depends("delivery_id.state", "delivery_id.lease_until")
    def _compute_progress(self):
        for wizard in self:
            wizard.progress, wizard.is_stuck = wizard._explain_progress()

    def _explain_progress(self):
        """Return ``(what the test waits for, whether a person has to do something)``."""
        delivery = self.delivery_id
        if not delivery or delivery.state not in ("pending", "queued"):
            return False, False
        now = delivery._now()
        if delivery.state == "queued" or (delivery.lease_until and delivery.lease_until > now):
            return self.env._(
                "On its way. The receiver has %(seconds)s seconds to answer.",
                seconds=self.endpoint_id.timeout_s,
            ), False
        waited_s = (now - delivery.next_attempt_at).total_seconds()
        workers = self.env["integration.worker"].search([])
        if waited_s > TEST_AGE_MAX_S:
            return self.env._("No sidecar took it within ten minutes, so it is not sent any more."), True
        is_alive = any(worker.is_alive for worker in workers)
        if is_alive and waited_s > LONG_WAIT_S:
            return self.env._(
                "A sidecar reports, but has not taken the test yet. The overview says whether it reaches its "
                "message broker."
            ), True
        if is_alive or waited_s < PATIENCE_S:
            return self.env._("Waiting for the sidecar to take it…"), False
        if not workers:
            return self.env._(
                "No sidecar has ever reported to this database, and it is the sidecar that sends. Have it "
                "started; the test is sent when it comes."
            ), True
        return self.env._(
            "No sidecar has reported since %(since)s, and it is the sidecar that sends. Have it started; the "
            "test is sent when it comes.",
            since=format_datetime(self.env, max(workers.mapped("last_seen_at"))),
        ), True

    @api.depends("delivery_id.attempt_ids", "delivery_id.state")
    def _compute_result(self):
        for wizard in self:
            delivery = wizard.delivery_id
            attempt = delivery.attempt_ids[:1]
            wizard.status_text = attempt.status_text
            wizard.duration_ms = attempt.duration_ms
            wizard.request_head = attempt.request_head
            wizard.request_body = attempt.request_body and lay_out_json(attempt.request_body)
            wizard.answer = delivery.case_answer
            wizard.verdict = wizard._word_verdict()
            wizard.advice = delivery.state == "failed" and wizard._word_advice()

    def _word_advice(self):
        """What to do after a failed test; the buttons that a case has are not here."""
        delivery = self.delivery_id
        if delivery.case_kind != "refused":
            return delivery.case_advice
        return self.env._(
            "Correct in %(document)s what the answer names, or take another record; then press “Test again”.",
            document=delivery.record_name,
        )

    def _word_verdict(self):
        delivery = self.delivery_id
        if delivery.state in ("delivered", "acknowledged"):
            return self.env._("%(endpoint)s took the test.", endpoint=self.endpoint_id.name)
        if delivery.state == "failed":
            return delivery.case_summary or delivery.last_error
        if delivery.state in ("cancelled", "expired", "superseded"):
            return delivery.state_reason or self.env._("The test was not sent.")
        return False

    @api.depends("snippet_language", "snippet_scheme", "delivery_id.state")
    def _compute_snippet(self):
        for wizard in self:
            wizard.snippet = wizard._fill_snippet()

    def _fill_snippet(self):
        values = {"RECEIVER_URL": self.endpoint_id.url or "RECEIVER_URL"}
        if self.endpoint_id.signing_public_key:
            values["whpk_YOUR_PUBLIC_KEY"] = self.endpoint_id.signing_public_key
        headers = read_headers(self.delivery_id.attempt_ids[:1].request_head or "")
        if "webhook-timestamp" in headers:
            values["WEBHOOK_ID"] = headers["webhook-id"]
            values["WEBHOOK_TIMESTAMP"] = headers["webhook-timestamp"]
            for item in headers["webhook-signature"].split(" "):
                if item.startswith("v1a,"):
                    values.setdefault("WEBHOOK_SIGNATURE_V1A", item.removeprefix("v1a,"))
        snippet = read_snippet(self.snippet_language, self.snippet_scheme, values)
        return snippet or self.env._("This language cannot check key pairs (v1a) by itself. Check v1.")


def read_headers(head):
    """Return ``{name: value}`` of a request as the sidecar tells it: a first line, then the headers."""
    lines = (line.partition(": ") for line in head.splitlines()[1:])
    return {name: value for name, separator, value in lines if separator}
