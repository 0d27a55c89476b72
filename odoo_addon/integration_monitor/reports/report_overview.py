"""The overview on paper: the same numbers, in the reader's language, formats and time zone."""

from datetime import datetime

from odoo import api, models
from odoo.tools import format_amount, format_datetime
from odoo.tools.i18n import format_list

from ..models.overview_period import PERIODS


class ReportOverview(models.AbstractModel):
    _name = "report.integration_monitor.report_overview"
    _description = "Integration Overview Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        """What the template shows.

        :param dict data: ``period`` and ``company_id`` as ``get_overview`` takes them, the latter 0 for all
        :raise AccessError: as ``get_overview``
        """
        data = data or {}
        period = data.get("period") if data.get("period") in PERIODS else "24h"
        company_id = int(data.get("company_id") or 0)
        overview = self.env["integration.delivery"].get_overview(period, company_id or False)
        names = [company["name"] for company in overview["companies"] if company_id in (0, company["id"])]
        return {
            "overview": overview,
            "scope": self.env._(
                "%(companies)s · last %(period)s · as of %(instant)s",
                companies=format_list(self.env, names),
                period=self._name_period(period),
                instant=self._format_instant(overview["server_time"]),
            ),
            "held": self._say_held(overview["held"]),
            "endpoints_shown": self.env._(
                "The %(shown)s worst of %(all)s endpoints.",
                shown=len(overview["endpoints"]),
                all=overview["endpoint_count"],
            ),
            "parts": self._list_parts(overview["series"]),
            "states": self._name_states(),
            "format_instant": self._format_instant,
            "format_money": self._format_money,
        }

    @api.model
    def _name_period(self, period):
        return {
            "24h": self.env._("24 hours"),
            "7d": self.env._("7 days"),
            "30d": self.env._("30 days"),
            "90d": self.env._("90 days"),
        }[period]

    @api.model
    def _say_held(self, held):
        """How many documents wait that should not, and how much money, in a sentence."""
        if not held["documents"]:
            return self.env._("No document is held up.")
        words = {
            "documents": self.env._("1 document")
            if held["documents"] == 1
            else self.env._("%(count)s documents", count=held["documents"]),
            "money": self._format_money(held),
            "since": self._format_instant(held["since"]),
        }
        if held["money"]:
            return self.env._("Held up since %(since)s: %(documents)s, %(money)s.", **words)
        return self.env._("Held up since %(since)s: %(documents)s.", **words)

    @api.model
    def _name_states(self):
        states = self.env["integration.endpoint"]._fields["state"]._description_selection(self.env)
        return {**dict(states), "fenced": self.env._("Fenced off")}

    @api.model
    def _list_parts(self, series):
        """The parts of the period with their numbers, and the bar of each in per cent of the highest."""
        highest = max(series["delivered"], default=0) or 1
        return [
            {
                "start": start.replace(" ", "T"),
                "delivered": delivered,
                "retried": retried,
                "failed": failed,
                "most_within_s": most_within and most_within / 1000,
                "bar": round(100 * delivered / highest),
            }
            for start, delivered, retried, failed, most_within in zip(
                *(series[key] for key in ("starts", "delivered", "retried", "failed", "most_within")),
                strict=True,
            )
        ]

    @api.model
    def _format_instant(self, instant):
        """In the reader's format, without seconds; empty for False."""
        if not instant:
            return ""
        return format_datetime(self.env, datetime.fromisoformat(instant.rstrip("Z")), dt_format="short")

    @api.model
    def _format_money(self, held):
        currencies = self.env["res.currency"]
        return " + ".join(
            format_amount(self.env, part["amount"], currencies.browse(part["currency_id"]))
            for part in held["money"]
        )
