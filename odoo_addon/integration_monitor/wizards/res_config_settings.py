"""Shows on the settings page whether a sidecar is at work and how secrets are stored."""

from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    integration_is_sidecar_alive = fields.Boolean(compute="_compute_integration_sidecar")
    integration_sidecar_names = fields.Char(compute="_compute_integration_sidecar")
    integration_sidecar_last_seen_at = fields.Datetime(compute="_compute_integration_sidecar")
    integration_service_account_ids = fields.Many2many(
        "res.users", compute="_compute_integration_service_account_ids"
    )

    @api.depends_context("uid")
    def _compute_integration_sidecar(self):
        workers = self.env["integration.worker"].search([])
        alive = workers.filtered("is_alive")
        for settings in self:
            settings.integration_is_sidecar_alive = bool(alive)
            settings.integration_sidecar_names = ", ".join(alive.mapped("name"))
            settings.integration_sidecar_last_seen_at = max(workers.mapped("last_seen_at"), default=False)

    @api.depends_context("uid")
    def _compute_integration_service_account_ids(self):
        accounts = self.env.ref("integration_monitor.group_sidecar").user_ids
        for settings in self:
            settings.integration_service_account_ids = accounts

    integration_secret_key_problem = fields.Char(compute="_compute_integration_secrets")
    integration_secret_count = fields.Integer(compute="_compute_integration_secrets")
    integration_old_key_secret_count = fields.Integer(compute="_compute_integration_secrets")
    integration_plain_secret_count = fields.Integer(compute="_compute_integration_secrets")

    @api.depends_context("uid")
    def _compute_integration_secrets(self):
        endpoints = self.env["integration.endpoint"]
        problem = endpoints._find_key_problem()
        current, old_key, plain = endpoints._count_secrets()
        for settings in self:
            settings.integration_secret_key_problem = problem
            settings.integration_secret_count = current
            settings.integration_old_key_secret_count = old_key
            settings.integration_plain_secret_count = plain

    def action_integration_reseal_secrets(self):
        """Encrypt all stored secrets with the server's current key, without waiting for the hourly job."""
        if not self.env.user.has_group("integration_monitor.group_manager"):
            raise AccessError(self.env._("Only integration administrators may do this."))
        self.env["integration.endpoint"]._reseal_secrets()
        return {"type": "ir.actions.client", "tag": "reload"}
