"""Who changed a delivery, when, and why; without a person: what came back from the road unsent."""

from odoo import fields, models

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
