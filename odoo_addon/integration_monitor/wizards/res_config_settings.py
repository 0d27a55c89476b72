"""Shows on the settings page whether a sidecar is at work."""

from odoo import api, fields, models


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
