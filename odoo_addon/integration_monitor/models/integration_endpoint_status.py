"""What an endpoint's form says in words: how it fares, what it lacks, where it sends from, what was last."""

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

RECENT_COUNT = 20
# How many of all latest attempts are looked through for those that wait for a retry.
LATEST_COUNT = 2000


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    health_text = fields.Char("In Words", compute="_compute_health_text")
    missing_text = fields.Char(compute="_compute_missing_text", help="What a draft needs before it can send.")
    environment_text = fields.Char("Sends From", compute="_compute_environment_text")
    recent_attempt_ids = fields.Many2many(
        "integration.delivery.attempt",
        compute="_compute_recent_attempt_ids",
        string="Recent Attempts",
        help="The last tries to hand something over, tests included; newest first.",
    )

    @api.depends("health", "pending_count", "failed_count", "last_delivered_at")
    @api.depends_context("lang", "tz", "allowed_company_ids")
    def _compute_health_text(self):
        for endpoint in self:
            endpoint.health_text = endpoint._word_health()

    def _word_health(self):
        if self.health == "draft":
            return self.env._("Not active yet, so nothing is sent. Tests work already.")
        if self.health == "stopped":
            waiting = self.env._("Waiting: %(count)s.", count=self.pending_count)
            reason = self._word_standstill()
            return f"{reason} {waiting}" if self.pending_count else reason
        if self.health == "failing":
            return self.env._(
                "Failed, so that a person has to decide: %(failed)s. Waiting: %(waiting)s.",
                failed=self.failed_count,
                waiting=self.pending_count,
            )
        if self.health == "waiting":
            return self.env._("Nothing failed. Waiting: %(waiting)s.", waiting=self.pending_count)
        if not self.last_delivered_at:
            return self.env._("Nothing was sent yet, and nothing waits.")
        return self.env._(
            "Everything was delivered, last on %(at)s.", at=format_datetime(self.env, self.last_delivered_at)
        )

    def _word_standstill(self):
        if not self.active:
            return self.env._("Archived: it gets nothing any more.")
        if self.is_fenced:
            return self.env._("Activated in another database, so this one sends nothing.")
        if self.state == "paused":
            return self.env._("Paused by a person.")
        if self.state == "stopped":
            return self.env._("Stopped: see the reason above.")
        return self.env._("Out of service: one delivery is tried now and then.")

    @api.depends("state", "active", "url", "auth_kind", "has_auth_secret", "has_signing_secret")
    @api.depends_context("lang")
    def _compute_missing_text(self):
        for endpoint in self:
            missing = endpoint.state == "draft" and endpoint.active and endpoint._explain_test_obstacle()
            endpoint.missing_text = missing and missing[:1].upper() + missing[1:]

    @api.depends("state", "environment_uuid")
    @api.depends_context("lang")
    def _compute_environment_text(self):
        for endpoint in self:
            database = self.env.cr.dbname
            if endpoint.state == "draft":
                text = self.env._("From no database yet. Activating it here ties it to “%(database)s”.")
            elif endpoint.is_fenced:
                text = self.env._(
                    "From another database. This one is “%(database)s” and sends nothing to it until "
                    "somebody presses “Activate here”."
                )
            else:
                text = self.env._(
                    "From this database, “%(database)s”. A copy of it sends nothing to this endpoint until "
                    "somebody activates it there."
                )
            endpoint.environment_text = text % {"database": database}

    def _compute_recent_attempt_ids(self):
        attempts = self.env["integration.delivery.attempt"].with_context(active_test=False)
        for endpoint in self:
            # Searched, so that rights and companies apply.
            endpoint.recent_attempt_ids = attempts.search(
                [("id", "in", endpoint._find_recent_attempt_ids())], order="started_at desc, id desc"
            )

    def _find_recent_attempt_ids(self):
        """The last attempts of this endpoint. Each part reads few rows of an index, whatever the backlog.

        Of deliveries that are tried again only those are found whose attempt is among the latest of all.
        """
        if not self.ids:
            return []
        self.env["integration.delivery"].flush_model()
        self.env["integration.delivery.attempt"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH lately AS (
                    (SELECT id FROM integration_delivery
                      WHERE endpoint_id = %(endpoint_id)s AND state IN ('delivered', 'acknowledged')
                        AND delivered_at IS NOT NULL
                   ORDER BY delivered_at DESC LIMIT %(count)s)
                    UNION
                    (SELECT id FROM integration_delivery
                      WHERE endpoint_id = %(endpoint_id)s AND state = 'failed'
                        AND last_attempt_at IS NOT NULL
                   ORDER BY last_attempt_at DESC LIMIT %(count)s)
                    UNION
                    (SELECT id FROM integration_delivery
                      WHERE test_environment_uuid = %(environment_uuid)s AND endpoint_id = %(endpoint_id)s)
                    UNION
                    (SELECT d.id
                       FROM (SELECT delivery_id FROM integration_delivery_attempt
                           ORDER BY id DESC LIMIT %(latest)s) a
                       JOIN integration_delivery d ON d.id = a.delivery_id
                      WHERE d.endpoint_id = %(endpoint_id)s)
                )
                SELECT a.id
                  FROM lately
                  JOIN integration_delivery_attempt a ON a.delivery_id = lately.id
              ORDER BY a.started_at DESC, a.id DESC
                 LIMIT %(count)s
                """,
                endpoint_id=self.id,
                environment_uuid=self._current_environment_uuid(),
                count=RECENT_COUNT,
                latest=LATEST_COUNT,
            )
        )
        return [row[0] for row in rows]
