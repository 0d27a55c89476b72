"""The numbers behind the overview page and the counter in the menu bar."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .group_names import GROUP_USER

OVERVIEW_STATES = ["pending", "queued", "failed"]
# A sidecar that was silent for longer was replaced, not lost.
SILENT_WORKER_SHOWN_S = 600


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    @api.readonly
    def get_exception_count(self):
        """Return ``{count}``: the failed deliveries that the user may see."""
        return {"count": self.search_count([("state", "=", "failed")])}

    @api.model
    @api.readonly
    def get_overview(self):
        """Return what the overview page shows, of the user's companies.

        :return: workers, is_flowing, counts, oldest_pending_at, endpoints, server_time; times are ISO 8601
            UTC, absent values False
        :raise AccessError: outside ``group_user``; staff sees its own deliveries in the list instead
        """
        if not self.env.user.has_group(GROUP_USER):
            raise AccessError(
                self.env._(
                    "The overview shows all endpoints, which takes the role Integration User. "
                    "Your own deliveries are in the list of deliveries."
                )
            )
        workers = self._overview_workers()
        endpoints = self.env["integration.endpoint"].search([])
        open_counts = self._count_open_by_endpoint()
        return {
            "workers": workers,
            "is_flowing": any(worker["alive"] for worker in workers),
            "counts": self._overview_counts(open_counts),
            "oldest_pending_at": self._oldest_pending_at(),
            "endpoints": self._overview_endpoints(endpoints, open_counts),
            "server_time": _format(self._now()),
        }

    @api.model
    def _overview_workers(self):
        workers = self.env["integration.worker"].search([], order="last_seen_at DESC, name")
        shown_since = self._now() - timedelta(seconds=SILENT_WORKER_SHOWN_S)
        shown = workers.filtered(lambda worker: worker.last_seen_at >= shown_since) or workers[:1]
        return [
            {
                "name": worker.name,
                "version": worker.version,
                "last_seen_at": _format(worker.last_seen_at),
                "alive": worker.is_alive,
            }
            for worker in shown
        ]

    @api.model
    def _count_open_by_endpoint(self):
        """Return ``{(endpoint_id, state): count}`` of what is not over, from partial indexes."""
        groups = self._read_group([("state", "in", OVERVIEW_STATES)], ["endpoint_id", "state"], ["__count"])
        return {(endpoint.id, state): count for endpoint, state, count in groups}

    @api.model
    def _overview_counts(self, open_counts):
        counts = {
            state: sum(count for (_endpoint_id, key), count in open_counts.items() if key == state)
            for state in OVERVIEW_STATES
        }
        since = self._now() - timedelta(hours=24)
        counts["delivered_24h"] = self.search_count(
            [("state", "in", ["delivered", "acknowledged"]), ("delivered_at", ">=", since)]
        )
        counts["lost_24h"] = self.search_count([("stranded_at", ">=", since)])
        counts["parked"] = self.env["integration.parked.message"].search_count([("state", "=", "open")])
        return counts

    @api.model
    def _oldest_pending_at(self):
        ((created_at,),) = self._read_group([("state", "=", "pending")], [], ["create_date:min"])
        return _format(created_at)

    @api.model
    def _overview_endpoints(self, endpoints, open_counts):
        latest = self._read_latest(endpoints)
        return [
            {
                "id": endpoint.id,
                "name": endpoint.name,
                "state": "fenced" if endpoint.is_fenced else endpoint.state,
                "health": endpoint.health,
                "breaker_state": endpoint.breaker_state,
                "breaker_probe_at": _format(endpoint.breaker_probe_at),
                "pending_count": open_counts.get((endpoint.id, "pending"), 0)
                + open_counts.get((endpoint.id, "queued"), 0),
                "failed_count": open_counts.get((endpoint.id, "failed"), 0),
                "last_delivered_at": _format(latest[endpoint.id][0]),
                "last_error": latest[endpoint.id][1] or False,
            }
            for endpoint in endpoints
        ]

    @api.model
    def _read_latest(self, endpoints):
        """Return ``{endpoint_id: (last delivered at, last error)}`` by one index probe each."""
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
                  ORDER BY d.delivered_at DESC NULLS LAST LIMIT 1
                ) delivered ON TRUE
             LEFT JOIN LATERAL (
                    SELECT d.last_error FROM integration_delivery d
                     WHERE d.endpoint_id = e.id AND d.state = 'failed'
                       AND (d.company_id IS NULL OR d.company_id = ANY(%(company_ids)s))
                  ORDER BY d.last_attempt_at DESC NULLS LAST LIMIT 1
                ) failed ON TRUE
                """,
                endpoint_ids=endpoints.ids,
                company_ids=self.env.companies.ids,
            )
        )
        return {endpoint_id: (delivered_at, last_error) for endpoint_id, delivered_at, last_error in rows}


def _format(instant):
    return instant.isoformat(timespec="milliseconds") + "Z" if instant else False
