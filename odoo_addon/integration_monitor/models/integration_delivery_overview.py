"""The numbers behind the overview page and the counter in the menu bar.

Every number comes with the domain of the list behind it, and both ask the same question of the same rows:
``tests/test_overview.py`` holds them together.
"""

from datetime import datetime, timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .group_names import GROUP_USER
from .overview_period import PERIODS, cut_period

# Deliveries that are not over.
OPEN_DOMAIN = Domain("state", "in", ["pending", "queued", "failed"])
# An ordinary delivery takes a second, and one of the batch lane its turn. Later than this, it is held up.
LATE_AFTER = {"urgent": timedelta(minutes=5), "batch": timedelta(hours=1)}

LOST_SHOWN = timedelta(hours=24)


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    @api.readonly
    def get_exception_count(self):
        """Return ``{count}``: the failed deliveries that the user may see and nobody has put off."""
        return {"count": self.search_count([("state", "=", "failed"), ("is_snoozed", "=", False)])}

    @api.model
    @api.readonly
    def get_overview(self, period="24h", company_id=False):
        """Return what the overview page shows, of the user's companies.

        :param str period: 24h, 7d, 30d or 90d; what charts and deliveries count
        :param int company_id: only this one of the companies the user is working in; False for all of them
        :return: server_time, period, company_id, companies, workers, is_flowing, counts, held, processes,
            endpoints, endpoint_count, series, domains; times are ISO 8601 UTC, absent values False
        :raise AccessError: outside ``group_user``; staff sees its own deliveries in the list instead. And
            for a company that the user does not work in
        :raise UserError: IM_PERIOD_UNKNOWN
        """
        if not self.env.user.has_group(GROUP_USER):
            raise AccessError(
                self.env._(
                    "The overview shows all endpoints, which takes the role Integration User. "
                    "Your own deliveries are in the list of deliveries."
                )
            )
        if period not in PERIODS:
            raise UserError(
                self.env._(
                    "IM_PERIOD_UNKNOWN: the period must be one of %(names)s, got “%(period)s”.",
                    names=", ".join(PERIODS),
                    period=period,
                )
            )
        return {
            "companies": [{"id": company.id, "name": company.name} for company in self.env.companies],
            "company_id": company_id,
            **self._of_company(company_id)._describe_overview(period, company_id),
        }

    @api.model
    def _of_company(self, company_id):
        """This model for one of the companies the user works in."""
        if not company_id:
            return self
        if company_id not in self.env.companies.ids:
            raise AccessError(self.env._("You do not work in this company now. Choose another one."))
        return self.with_context(allowed_company_ids=[company_id])

    @api.model
    def _describe_overview(self, period, company_id):
        # Domains know whole seconds only, and the numbers must be those of the lists.
        now = self._now().replace(microsecond=0)
        starts = cut_period(period, now, self.env.context.get("tz") or self.env.user.tz or "UTC")
        workers = self.env["integration.worker"]._describe_for_overview(now)
        open_groups, held = self._read_open(now)
        series = self._read_series(starts)
        return {
            "server_time": format_instant(now),
            "period": period,
            "workers": workers,
            "is_flowing": any(worker["alive"] and worker["broker_state"] != "away" for worker in workers),
            "counts": {**self._count_open(open_groups), **self._count_others(now, series)},
            "oldest_pending_at": format_instant(
                min((g.since for g in open_groups if g.state == "pending"), default=None)
            ),
            "held": held[None],
            "processes": self._describe_processes(open_groups, held),
            **self._describe_endpoints(open_groups, held, series),
            "series": self._describe_series(starts, series),
            "domains": self._overview_domains(now, company_id),
        }

    @api.model
    def _count_open(self, open_groups):
        return {
            state: sum(group.count for group in open_groups if group.state == state)
            for state in ("pending", "queued", "failed")
        }

    @api.model
    def _count_others(self, now, series):
        return {
            "delivered": sum(part.delivered for part in series.values()),
            "lost_24h": self.search_count([("stranded_at", ">=", now - LOST_SHOWN)]),
            "parked": self.env["integration.parked.message"].search_count([("state", "=", "open")]),
        }

    @api.model
    def _late_domain(self, now):
        """Held up: failed, or waiting for longer than is usual. Their documents need somebody's eye."""
        waiting = Domain.OR(
            Domain("lane", "=", lane) & Domain("waiting_since", "<", now - late_after)
            for lane, late_after in LATE_AFTER.items()
        )
        return Domain("state", "=", "failed") | (Domain("state", "in", ["pending", "queued"]) & waiting)

    @api.model
    def _overview_domains(self, now, company_id):
        """The lists behind the numbers: a browser joins them with the endpoint or process that it shows.

        :return: ``held`` and ``lost`` for deliveries; ``company`` for deliveries, empty when the record rules
            say all there is to say
        """
        return {
            "held": _to_json(self._late_domain(now)),
            "lost": [["stranded_at", ">=", str(now - LOST_SHOWN)]],
            "company": _to_json(self._company_domain(company_id)) if company_id else [],
        }

    @api.model
    def _company_domain(self, company_id):
        """As the record rules for somebody who works in this company alone."""
        return Domain("company_id", "=", company_id) | (
            Domain("company_id", "=", False) & Domain("endpoint_id.company_id", "in", [company_id, False])
        )


def _to_json(domain):
    """A domain as a browser sends it back; its instants are whole seconds."""
    return [
        [item[0], item[1], str(item[2]) if isinstance(item[2], datetime) else item[2]]
        if isinstance(item, tuple)
        else item
        for item in domain
    ]


def format_instant(instant):
    return instant.isoformat(timespec="milliseconds") + "Z" if instant else False
