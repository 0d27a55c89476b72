"""Which endpoint gets which events, and how."""

from odoo import api, fields, models

from ..capture.record_filter import check_domain


class IntegrationSubscription(models.Model):
    _name = "integration.subscription"
    _description = "Integration subscription"
    _inherit = "integration.capture.source"
    _order = "endpoint_id, event_type_id"
    _rec_name = "event_type_id"

    endpoint_id = fields.Many2one("integration.endpoint", required=True, ondelete="cascade", index=True)
    event_type_id = fields.Many2one(
        "integration.event.type",
        required=True,
        ondelete="cascade",
        index=True,
        help="The events this endpoint gets.",
    )
    event_type_model_name = fields.Char(related="event_type_id.model_name", string="Event Model")
    event_type_description = fields.Text(related="event_type_id.description", string="When It Happens")
    business_domain = fields.Selection(related="event_type_id.business_domain")
    filter_domain = fields.Char(
        string="Record Filter",
        help="Only events of records that match this at the end of the change are sent. Empty: all.",
    )
    latency_class = fields.Selection(
        [("urgent", "Urgent"), ("batch", "Batch")],
        required=True,
        default="urgent",
        help="Urgent events overtake batch events of the same endpoint, except for the same record.",
    )
    ordering = fields.Selection(
        [("per_record", "Every event, in order per record"), ("latest_only", "Only the latest per record")],
        required=True,
        default="per_record",
        help="Only the latest: a newer event of a record replaces older ones that still wait.",
    )
    active = fields.Boolean(default=True, help="Archived subscriptions get no further events.")

    _endpoint_event_type_unique = models.Constraint(
        "UNIQUE(endpoint_id, event_type_id)", "This endpoint is subscribed to this event type already."
    )

    @api.constrains("filter_domain", "event_type_id")
    def _check_filter_domain(self):
        for subscription in self.sudo():
            check_domain(subscription.filter_domain, self.env[subscription.event_type_id.model_name])
