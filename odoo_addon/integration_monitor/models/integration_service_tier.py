"""A named policy that many endpoints share."""

from odoo import api, fields, models

from ..endpoint.policy_limits import POLICY_CHECK, POLICY_CHECK_MESSAGE, POLICY_DEFAULTS


class IntegrationServiceTier(models.Model):
    _name = "integration.service.tier"
    _description = "Integration Service Tier"
    _inherit = ["integration.delivery.policy"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, help="What people call this kind of service.")
    sequence = fields.Integer(default=50, help="Order in lists.")
    active = fields.Boolean(default=True, help="Archived tiers are not offered for new endpoints.")
    description = fields.Text(translate=True, help="What kind of endpoint this is for.")
    endpoint_ids = fields.One2many("integration.endpoint", "tier_id", string="Endpoints")
    endpoint_count = fields.Integer(compute="_compute_endpoint_count", string="Endpoints in This Tier")

    _limits_check = models.Constraint(POLICY_CHECK, POLICY_CHECK_MESSAGE)
    _name_unique = models.Constraint("UNIQUE(name)", "There is a tier of this name already.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        policy = {name: value for name, value in POLICY_DEFAULTS.items() if name in fields_list}
        return {**policy, **values}

    @api.depends("endpoint_ids")
    def _compute_endpoint_count(self):
        counts = dict(
            self.env["integration.endpoint"]._read_group(
                [("tier_id", "in", self.ids)], ["tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.endpoint_count = counts.get(tier, 0)

    def write(self, vals):
        if POLICY_DEFAULTS.keys() & vals.keys():
            # The sidecar has to read the endpoints again that inherit from this tier.
            self.env["integration.endpoint"]._bump_revision()
        return super().write(vals)
