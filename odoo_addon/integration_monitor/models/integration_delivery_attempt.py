"""One try to hand a delivery to its endpoint."""

from odoo import api, fields, models

from .delivery_state_machine import FAILURE_CLASSES

STATUS_CHARS_MAX = 60


class IntegrationDeliveryAttempt(models.Model):
    _name = "integration.delivery.attempt"
    _inherit = ["integration.delivery.access"]
    _description = "Integration Delivery Attempt"
    _order = "delivery_id, attempt_number desc"
    _rec_name = "attempt_number"
    # Written by one INSERT per report; nobody edits an attempt.
    _log_access = False

    # The constraint below begins with it.
    delivery_id = fields.Many2one(index=False)
    record_name = fields.Char(related="delivery_id.record_name", string="Document")
    is_test = fields.Boolean(related="delivery_id.is_test")
    attempt_number = fields.Integer("Attempt", required=True, readonly=True, aggregator=None, help="From 1.")
    started_at = fields.Datetime("Started At", required=True, readonly=True)
    duration_ms = fields.Integer("Duration (ms)", readonly=True, aggregator="avg")
    outcome = fields.Selection(
        [("delivered", "Delivered"), ("retry", "Will be retried"), ("failed", "Failed")],
        "Outcome",
        required=True,
        readonly=True,
    )
    status_code = fields.Integer(
        "Status Code",
        readonly=True,
        aggregator=None,
        help="HTTP status, or the AMQP reply code of a broker (200: confirmed). 0 when there was none.",
    )
    status_text = fields.Char(
        "Status",
        compute="_compute_status_text",
        help="The status with its protocol, such as HTTP 422 or AMQP 312 NO_ROUTE. Empty: no answer.",
    )
    failure_class = fields.Selection(FAILURE_CLASSES, "Kind of Failure", readonly=True)
    error = fields.Text("Error", readonly=True)
    response_excerpt = fields.Text("Answer", readonly=True, help="The beginning of the endpoint's answer.")
    worker = fields.Char("Worker", readonly=True)
    request_head = fields.Text(
        "Request",
        readonly=True,
        help="Of a test: method, address and headers as they were sent. Secrets are left out.",
    )
    request_body = fields.Text("Request Body", readonly=True, help="Of a test: the beginning of the body.")

    _delivery_attempt_unique = models.Constraint(
        "UNIQUE(delivery_id, attempt_number)", "An attempt is reported only once."
    )

    # The lists behind the charts. Attempts only ever come to its end, so it costs a report next to nothing.
    _started_index = models.Index("(started_at)")

    @api.depends("status_code", "response_excerpt", "delivery_id.endpoint_id.kind")
    def _compute_status_text(self):
        for attempt in self:
            # sudo: by which protocol a delivery went is no secret to who may see its attempts
            kind = attempt.sudo().delivery_id.endpoint_id.kind
            if kind == "amqp" and (attempt.response_excerpt or "").startswith("AMQP "):
                attempt.status_text = attempt.response_excerpt.partition(" - ")[0][:STATUS_CHARS_MAX]
            else:
                attempt.status_text = f"HTTP {attempt.status_code}" if attempt.status_code else False

    @api.depends("attempt_number", "outcome")
    def _compute_display_name(self):
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for attempt in self:
            attempt.display_name = f"#{attempt.attempt_number} {outcomes.get(attempt.outcome, '')}"

    def action_open_delivery(self):
        """Open the delivery that this was a try of."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "integration.delivery",
            "res_id": self.delivery_id.id,
            "views": [(False, "form")],
            "target": "current",
        }
