"""Who changed a delivery, when, and why; without a person: what came back from the road unsent."""

from odoo import api, fields, models
from odoo.tools import SQL

from .delivery_state_machine import STATES


class IntegrationDeliveryTransition(models.Model):
    _name = "integration.delivery.transition"
    _inherit = ["integration.delivery.access"]
    _description = "Integration Delivery Transition"
    _order = "at desc, id desc"
    _rec_name = "to_state"
    _log_access = False

    from_state = fields.Selection(STATES, "From", required=True, readonly=True)
    to_state = fields.Selection(STATES, "To", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Who", readonly=True, ondelete="set null")
    at = fields.Datetime("When", required=True, readonly=True)
    reason = fields.Char("Why", readonly=True)

    @api.model
    def _record(self, deliveries, to_state, reason, now):
        """Keep that the user brings these deliveries into ``to_state``, before it is done.

        One statement, because a bulk operation does this for hundreds at once.
        """
        deliveries.flush_recordset(["state"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_delivery_transition
                       (delivery_id, from_state, to_state, user_id, at, reason)
                SELECT id, state, %s, %s, %s, %s FROM integration_delivery WHERE id = ANY(%s) ORDER BY id
                """,
                to_state,
                self.env.uid,
                now,
                reason or None,
                list(deliveries._ids),
            ),
            log_exceptions=False,
        )
        deliveries.invalidate_recordset(["transition_ids"])
