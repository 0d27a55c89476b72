"""The sidecars that Odoo has heard of, by their heartbeat."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

ALIVE_S = 30
FORGET_AFTER_DAYS = 7


class IntegrationWorker(models.Model):
    _name = "integration.worker"
    _description = "Integration Worker"
    _order = "name"
    _log_access = False

    name = fields.Char("Name", required=True, readonly=True)
    version = fields.Char("Version", readonly=True)
    last_seen_at = fields.Datetime("Last Seen", readonly=True)
    is_alive = fields.Boolean("Alive", compute="_compute_is_alive", help="Seen in the last 30 seconds.")

    _name_unique = models.Constraint("UNIQUE(name)", "Two workers must not share a name.")

    @api.depends("last_seen_at")
    def _compute_is_alive(self):
        alive_since = fields.Datetime.now() - timedelta(seconds=ALIVE_S)
        for worker in self:
            worker.is_alive = bool(worker.last_seen_at) and worker.last_seen_at >= alive_since

    @api.model
    def _record_heartbeat(self, name, version):
        """Note that worker ``name`` is alive now, in one statement."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_worker (name, version, last_seen_at) VALUES (%s, %s, %s)
                ON CONFLICT (name) DO UPDATE
                   SET version = EXCLUDED.version, last_seen_at = EXCLUDED.last_seen_at
                """,
                name,
                version,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    @api.autovacuum
    def _gc_silent_workers(self):
        forget_before = fields.Datetime.now() - timedelta(days=FORGET_AFTER_DAYS)
        self.sudo().search([("last_seen_at", "<", forget_before)]).unlink()
