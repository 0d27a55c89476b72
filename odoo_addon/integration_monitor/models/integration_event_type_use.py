"""Who receives an event type, when it was last sent and how often: what the catalogue shows of its use."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

RECENT_DAYS = 7
# Counting further costs time and tells nobody more.
COUNT_MAX = 10_000


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    receiver_ids = fields.Many2many(
        "integration.endpoint",
        string="Received By",
        compute="_compute_receiver_ids",
        help="The endpoints that are subscribed to it.",
    )
    receiver_count = fields.Integer("Receivers", compute="_compute_receiver_ids")
    last_sent_at = fields.Datetime(
        "Last Sent", compute="_compute_use", help="When an endpoint last took an event of this type."
    )
    sent_recently = fields.Char(
        "Sent in 7 Days",
        compute="_compute_use",
        help="How many events of this type endpoints took in the last 7 days.",
    )

    @api.depends("subscription_ids.active", "subscription_ids.endpoint_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_receiver_ids(self):
        groups = self.env["integration.subscription"]._read_group(
            [("event_type_id", "in", self.ids), ("endpoint_id.active", "=", True)],
            ["event_type_id"],
            ["endpoint_id:recordset"],
        )
        receivers = dict(groups)
        for event_type in self:
            event_type.receiver_ids = receivers.get(event_type._origin, False)
            event_type.receiver_count = len(event_type.receiver_ids)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_use(self):
        use = self._read_use()
        for event_type in self:
            last_sent_at, count = use.get(event_type._origin.id, (False, 0))
            event_type.last_sent_at = last_sent_at
            event_type.sent_recently = self._phrase_count(count)

    @api.model
    def _phrase_count(self, count):
        text = formatLang(self.env, min(count, COUNT_MAX), digits=0)
        return self.env._("more than %(count)s", count=text) if count > COUNT_MAX else text

    def _read_use(self):
        """Return ``{event type id: (last sent at, how many lately)}``: a bounded walk along an index each."""
        deliveries = self.env["integration.delivery"]
        if not self._origin.ids or not deliveries.has_access("read"):
            return {}
        deliveries.flush_model(["state", "delivered_at", "is_test"])
        since = fields.Datetime.now() - timedelta(days=RECENT_DAYS)
        # Companies as in the record rule, which raw SQL does not apply by itself.
        taken = SQL(
            """d.event_type_id = t.id AND d.state IN ('delivered', 'acknowledged') AND d.is_test IS NOT TRUE
               AND (d.company_id IS NULL OR d.company_id = ANY(%s))""",
            self.env.companies.ids,
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id, latest.delivered_at, recent.count
                  FROM unnest(%(ids)s::int[]) AS t(id)
             LEFT JOIN LATERAL (
                    SELECT d.delivered_at FROM integration_delivery d
                     WHERE %(taken)s AND d.delivered_at IS NOT NULL
                  ORDER BY d.delivered_at DESC LIMIT 1
                ) latest ON TRUE
             LEFT JOIN LATERAL (
                    SELECT count(*) FROM (
                        SELECT FROM integration_delivery d WHERE %(taken)s AND d.delivered_at >= %(since)s
                         LIMIT %(count_max)s
                    ) AS taken
                ) recent ON TRUE
                """,
                ids=self._origin.ids,
                taken=taken,
                since=since,
                count_max=COUNT_MAX + 1,
            )
        )
        return {event_type_id: (last_sent_at or False, count) for event_type_id, last_sent_at, count in rows}
