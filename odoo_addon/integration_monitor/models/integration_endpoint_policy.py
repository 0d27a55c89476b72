"""The policy of an endpoint: inherited from its tier, except where a person set another value.

The policy fields hold the effective values, so that the claim and the sidecar read plain columns.
``policy_overrides`` remembers which of them are this endpoint's own; the others follow the tier.
"""

from markupsafe import Markup

from odoo import api, fields, models

from ..endpoint.policy_limits import POLICY_CHECK, POLICY_CHECK_MESSAGE, POLICY_DEFAULTS
from ..endpoint.retry_schedule import phrase_duration, print_schedule

STANDARD_TIER = "integration_monitor.integration_service_tier_standard"

# An inherited value that a person may replace. Copied, because an override belongs to the copy as well.
INHERITED = {
    "compute": "_compute_policy",
    "store": True,
    "readonly": False,
    "precompute": True,
    "copy": True,
    "tracking": True,
}


class IntegrationEndpoint(models.Model):
    _name = "integration.endpoint"
    _inherit = ["integration.endpoint", "integration.delivery.policy"]

    tier_id = fields.Many2one(
        "integration.service.tier",
        "Service Tier",
        default=lambda self: self.env.ref(STANDARD_TIER, raise_if_not_found=False),
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="Gives the policy below, except for values that were changed here. Empty: all values are this "
        "endpoint's own.",
    )
    policy_overrides = fields.Char(
        default="",
        copy=False,
        readonly=True,
        help="The policy fields that were changed for this endpoint and do not follow its tier.",
    )
    timeout_s = fields.Integer(**INHERITED)
    concurrency = fields.Integer(**INHERITED)
    window = fields.Integer(**INHERITED)
    max_attempts = fields.Integer(**INHERITED)
    retry_base_s = fields.Integer(**INHERITED)
    retry_cap_s = fields.Integer(**INHERITED)
    retry_after_max_s = fields.Integer(**INHERITED)
    rate_limit_per_s = fields.Float(**INHERITED)
    breaker_threshold = fields.Integer(**INHERITED)
    max_age_hours = fields.Integer(**INHERITED)
    retry_schedule = fields.Html(
        compute="_compute_retry_schedule",
        sanitize=False,
        help="When the attempts come if the endpoint never answers.",
    )

    _limits_check = models.Constraint(POLICY_CHECK, POLICY_CHECK_MESSAGE)

    @api.depends("tier_id", "policy_overrides", *(f"tier_id.{name}" for name in POLICY_DEFAULTS))
    def _compute_policy(self):
        for endpoint in self:
            overrides = endpoint._overridden_fields()
            is_new = not endpoint._origin
            for name, default in POLICY_DEFAULTS.items():
                if name in overrides or not (endpoint.tier_id or is_new):
                    endpoint[name] = endpoint[name]
                else:
                    endpoint[name] = endpoint.tier_id[name] if endpoint.tier_id else default

    def _overridden_fields(self):
        return set((self.policy_overrides or "").split())

    @api.onchange(*POLICY_DEFAULTS)
    def _onchange_policy(self):
        self.policy_overrides = self._mark_overrides(POLICY_DEFAULTS)

    def _mark_overrides(self, written_names):
        """Return the new ``policy_overrides`` after these fields were given values."""
        if not self.tier_id:
            return ""
        differing = {name for name in written_names if self[name] != self.tier_id[name]}
        overrides = (self._overridden_fields() - set(written_names)) | differing
        # A space at both ends, so that a view can ask for a name without meeting it inside another one.
        return f" {' '.join(sorted(overrides))} " if overrides else ""

    @api.model_create_multi
    def create(self, vals_list):
        endpoints = super().create(vals_list)
        for endpoint, vals in zip(endpoints, vals_list, strict=True):
            overrides = endpoint._mark_overrides(POLICY_DEFAULTS.keys() & vals.keys())
            if overrides:
                endpoint.policy_overrides = overrides
        return endpoints

    def write(self, vals):
        result = super().write(vals)
        written = POLICY_DEFAULTS.keys() & vals.keys()
        if written or "tier_id" in vals:
            for endpoint in self:
                overrides = endpoint._mark_overrides(written)
                if overrides != (endpoint.policy_overrides or ""):
                    endpoint.policy_overrides = overrides
        return result

    def action_inherit_policy(self):
        """Let every value follow the tier again."""
        self._check_manager()
        self.write({"policy_overrides": ""})
        return True

    @api.depends("max_attempts", "retry_base_s", "retry_cap_s")
    @api.depends_context("lang")
    def _compute_retry_schedule(self):
        for endpoint in self:
            settings = (endpoint.max_attempts, endpoint.retry_base_s, endpoint.retry_cap_s)
            endpoint.retry_schedule = endpoint._render_schedule(print_schedule(*settings))

    def _render_schedule(self, rows):
        head = Markup("").join(
            Markup("<th>%s</th>") % text
            for text in (
                self.env._("Attempt"),
                self.env._("Wait before it"),
                self.env._("Since the first"),
                self.env._("Earliest"),
                self.env._("Latest"),
            )
        )
        body = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (
                row["attempt_number"],
                phrase_duration(row["nominal_delay_s"]) if row["nominal_delay_s"] else "–",
                phrase_duration(row["total_nominal_s"]),
                phrase_duration(row["total_shortest_s"]),
                phrase_duration(row["total_longest_s"]),
            )
            for row in rows
        )
        return Markup(
            '<table class="table table-sm o_integration_retry_schedule">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table>"
        ) % (head, body)
