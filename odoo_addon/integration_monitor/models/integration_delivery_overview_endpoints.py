"""The cards of the overview: how each endpoint fares."""

from odoo import api, models
from odoo.tools import SQL

from .integration_delivery_overview import format_instant

# More cards than this say nothing; those in trouble come first, and the list of endpoints has all.
CARDS_MAX = 60


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _describe_endpoints(self, open_groups, held, series):
        """Return ``endpoints``, the cards, worst first, and ``endpoint_count``, how many there are."""
        endpoints = self.env["integration.endpoint"].search([])
        waiting, failed, oldest = {}, {}, {}
        for group in open_groups:
            counts = failed if group.state == "failed" else waiting
            counts[group.endpoint_id] = counts.get(group.endpoint_id, 0) + group.count
            if group.state != "failed":
                known = oldest.get(group.endpoint_id, group.since)
                oldest[group.endpoint_id] = min(known, group.since)

        def order(endpoint):
            is_ill = endpoint.is_fenced or endpoint.state == "stopped" or endpoint.breaker_state != "closed"
            counts = (failed.get(endpoint.id, 0), endpoint.id in held, waiting.get(endpoint.id, 0))
            return (not is_ill, *(-count for count in counts), endpoint.name)

        shown = endpoints.sorted(order)[:CARDS_MAX]
        latest = self._read_latest(shown)
        traffic = self._describe_traffic(shown, series)
        return {
            "endpoint_count": len(endpoints),
            "endpoints": [
                {
                    "id": endpoint.id,
                    "name": endpoint.name,
                    "state": "fenced" if endpoint.is_fenced else endpoint.state,
                    "health": endpoint._find_health(waiting.get(endpoint.id, 0), failed.get(endpoint.id, 0)),
                    "breaker_state": endpoint.breaker_state,
                    "breaker_probe_at": format_instant(endpoint.breaker_probe_at),
                    "pending_count": waiting.get(endpoint.id, 0),
                    "failed_count": failed.get(endpoint.id, 0),
                    "oldest_at": format_instant(oldest.get(endpoint.id)),
                    "held": held.get(endpoint.id) or self._describe_held(),
                    "last_delivered_at": format_instant(latest[endpoint.id][0]),
                    "last_error": latest[endpoint.id][1] or False,
                    **traffic[endpoint.id],
                }
                for endpoint in shown
            ],
        }

    @api.model
    def _describe_traffic(self, endpoints, series):
        """The lines of the cards: accepted and troubled attempts, ``{place in the period: count}`` each.

        :return: ``{endpoint id: {delivered, troubled}}``
        """
        traffic = {endpoint_id: {"delivered": {}, "troubled": {}} for endpoint_id in endpoints.ids}
        for (place, endpoint_id), part in series.items():
            lines = traffic.get(endpoint_id)
            if lines and part.delivered:
                lines["delivered"][str(place)] = part.delivered
            if lines and part.retried + part.failed:
                lines["troubled"][str(place)] = part.retried + part.failed
        return traffic

    @api.model
    def _read_latest(self, endpoints):
        """Return ``{endpoint_id: (last delivered at, last error)}`` by one index probe each.

        Rows without an instant are left out: an index read backwards has them first, and cannot skip them.
        """
        self.flush_model(["state", "delivered_at", "last_attempt_at", "last_error"])
        # Companies as in the record rule, which raw SQL does not apply by itself.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id, delivered.delivered_at, failed.last_error
                  FROM unnest(%(endpoint_ids)s::int[]) AS e(id)
             LEFT JOIN LATERAL (
                    SELECT d.delivered_at FROM integration_delivery d
                     WHERE d.endpoint_id = e.id AND d.state IN ('delivered', 'acknowledged')
                       AND (d.company_id IS NULL OR d.company_id = ANY(%(company_ids)s))
                       AND d.delivered_at IS NOT NULL AND d.is_test IS NOT TRUE
                  ORDER BY d.delivered_at DESC LIMIT 1
                ) delivered ON TRUE
             LEFT JOIN LATERAL (
                    SELECT d.last_error FROM integration_delivery d
                     WHERE d.endpoint_id = e.id AND d.state = 'failed'
                       AND (d.company_id IS NULL OR d.company_id = ANY(%(company_ids)s))
                       AND d.last_attempt_at IS NOT NULL AND d.is_test IS NOT TRUE
                  ORDER BY d.last_attempt_at DESC LIMIT 1
                ) failed ON TRUE
                """,
                endpoint_ids=endpoints.ids,
                company_ids=self.env.companies.ids,
            )
        )
        return {endpoint_id: (delivered_at, last_error) for endpoint_id, delivered_at, last_error in rows}
