"""How an endpoint fares, computed from its deliveries and never stored."""

from odoo import api, fields, models
from odoo.tools import SQL


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    pending_count = fields.Integer(compute="_compute_delivery_counts", string="Waiting")
    failed_count = fields.Integer(compute="_compute_delivery_counts", string="Failed")
    last_delivered_at = fields.Datetime(compute="_compute_delivery_counts", string="Last Delivered")
    health = fields.Selection(
        [
            ("ok", "Healthy"),
            ("waiting", "Deliveries wait"),
            ("failing", "Deliveries failed"),
            ("stopped", "Sends nothing"),
            ("draft", "Draft"),
        ],
        compute="_compute_health",
        help="Healthy: everything was delivered. Failed: a person has to look at deliveries.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_delivery_counts(self):
        facts = self._read_delivery_facts()
        for endpoint in self:
            endpoint.pending_count, endpoint.failed_count, endpoint.last_delivered_at = facts.get(
                endpoint.id, (0, 0, False)
            )

    def _read_delivery_facts(self):
        """Return {endpoint id: (waiting, failed, last delivered at)}; each part reads a partial index."""
        if not self.ids:
            return {}
        self.env["integration.delivery"].flush_model()
        # Companies as in the record rule of deliveries, which raw SQL does not apply by itself.
        is_mine = SQL("(company_id IS NULL OR company_id = ANY(%s))", self.env.companies.ids)
        rows = self.env.execute_query(
            SQL(
                """
            SELECT e.id, coalesce(open.waiting, 0), coalesce(open.failed, 0), delivered.at
              FROM unnest(%s::int[]) AS e(id)
         LEFT JOIN (SELECT endpoint_id, count(*) FILTER (WHERE state <> 'failed') AS waiting,
                           count(*) FILTER (WHERE state = 'failed') AS failed
                      FROM integration_delivery
                     WHERE state IN ('pending', 'queued', 'failed') AND endpoint_id = ANY(%s) AND %s
                       AND is_test IS NOT TRUE
                  GROUP BY endpoint_id) AS open ON open.endpoint_id = e.id
         LEFT JOIN LATERAL (SELECT max(delivered_at) AS at FROM integration_delivery
                             WHERE endpoint_id = e.id AND state IN ('delivered', 'acknowledged') AND %s
                               AND is_test IS NOT TRUE) AS delivered ON TRUE
            """,
                self.ids,
                self.ids,
                is_mine,
                is_mine,
            )
        )
        return {row[0]: (row[1], row[2], row[3] or False) for row in rows}

    @api.depends("state", "environment_uuid", "breaker_state")
    @api.depends_context("allowed_company_ids")
    def _compute_health(self):
        for endpoint in self:
            endpoint.health = endpoint._find_health(endpoint.pending_count, endpoint.failed_count)

    def _find_health(self, pending_count, failed_count):
        if self.state == "draft":
            return "draft"
        if self.state in ("paused", "stopped") or self.is_fenced:
            return "stopped"
        if self.breaker_state != "closed":
            return "stopped"
        if failed_count:
            return "failing"
        return "waiting" if pending_count else "ok"

    def _explain_silence(self):
        """Return why the endpoint gets nothing now and what helps, a sentence for staff; False if it does."""
        if not self.active:
            return self.env._(
                "“%(name)s” was archived and gets nothing any more. Cancel this delivery, or ask an "
                "integration administrator to restore the endpoint.",
                name=self.name,
            )
        if self.state == "draft" or self.is_fenced:
            return self.env._(
                "“%(name)s” is not active in this database. An integration administrator has to activate it.",
                name=self.name,
            )
        if self.state == "paused":
            return self.env._("“%(name)s” is paused. This is sent when somebody resumes it.", name=self.name)
        if self.state == "stopped":
            return self.env._(
                "“%(name)s” asked us to stop sending. An integration administrator has to find out why, "
                "and resume it.",
                name=self.name,
            )
        if self.breaker_state != "closed":
            return self.env._(
                "“%(name)s” is out of service. Deliveries wait in order; one is tried now and then, and the "
                "rest follow when it is answered.",
                name=self.name,
            )
        return False
