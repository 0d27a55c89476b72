"""What keeps a delivery waiting: a failed one before it, or an endpoint that gets nothing now."""

from odoo import api, fields, models
from odoo.tools import SQL


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    held_by_id = fields.Many2one(
        "integration.delivery",
        "Held By",
        compute="_compute_held_by_id",
        help="The failed delivery of the same document that has to be settled first.",
    )

    waiting_reason = fields.Char(
        compute="_compute_waiting_reason",
        help="Why the endpoint gets nothing now, if this delivery waits for that.",
    )

    @api.depends_context("lang")
    @api.depends(
        "state",
        "endpoint_id.active",
        "endpoint_id.state",
        "endpoint_id.environment_uuid",
        "endpoint_id.breaker_state",
    )
    def _compute_waiting_reason(self):
        for delivery in self:
            # sudo: staff may know why their delivery waits, but not open endpoints
            endpoint = delivery.sudo().endpoint_id
            is_held_back = delivery.state == "pending" and not delivery.is_test
            delivery.waiting_reason = is_held_back and endpoint._explain_silence()

    @api.depends("state")
    def _compute_held_by_id(self):
        self.flush_model(["state", "sequence", "endpoint_id", "res_model", "res_id", "first_delivered_at"])
        self.env["integration.endpoint"].flush_model(["after_failure"])
        held_by = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (d.id) d.id, earlier.id
                      FROM integration_delivery d
                      JOIN integration_endpoint e ON e.id = d.endpoint_id AND e.after_failure = 'hold'
                      JOIN integration_delivery earlier
                        ON earlier.endpoint_id = d.endpoint_id AND earlier.res_model = d.res_model
                       AND earlier.res_id = d.res_id AND earlier.sequence < d.sequence
                       AND earlier.state = 'failed' AND earlier.first_delivered_at IS NULL
                       AND earlier.is_test IS NOT TRUE
                     WHERE d.id = ANY(%s) AND d.state = 'pending' AND d.is_test IS NOT TRUE
                  ORDER BY d.id, earlier.sequence
                    """,
                    self.ids,
                )
            )
            if self.ids
            else ()
        )
        for delivery in self:
            delivery.held_by_id = held_by.get(delivery.id, False)
