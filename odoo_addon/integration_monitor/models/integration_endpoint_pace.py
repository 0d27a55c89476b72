"""How much of its rate limit each endpoint has used: the memory of a token bucket.

A table of its own, because every claim of a limited endpoint writes here; the endpoint's row is left to
people. Claims pass one gate, so they never meet here. The rules are in ``endpoint/pace_rules.py``.
"""

from odoo import fields, models


class IntegrationEndpointPace(models.Model):
    _name = "integration.endpoint.pace"
    _description = "Integration Endpoint Pace"
    _log_access = False
    _rec_name = "endpoint_id"

    endpoint_id = fields.Many2one(
        "integration.endpoint", "Endpoint", required=True, readonly=True, ondelete="cascade"
    )
    full_at = fields.Datetime("Paid Until", required=True, readonly=True)

    _endpoint_unique = models.Constraint("UNIQUE(endpoint_id)", "An endpoint has one pace.")
