"""Throughput, failures and delay over a period, for the charts of the overview."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .integration_delivery_hour import COUNTS, LAG_BOUNDS_MS, LAGS
from .overview_period import read_quantile


class SeriesPart(NamedTuple):
    """What came of one endpoint's attempts in one part of the period."""

    delivered: int
    retried: int
    failed: int
    lags: tuple


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _read_series(self, starts):
        """Read the counts of the period that begins with ``starts[0]``.

        :param list starts: the beginnings of its parts, full hours
        :return: ``{(place in starts, endpoint id): SeriesPart}``; what is missing is zero
        """
        self.env.flush_all()
        sums = SQL(", ").join(SQL("sum(%s)::int", SQL.identifier(name)) for name in (*COUNTS, *LAGS))
        # Companies as in the record rules of deliveries, which raw SQL does not apply by itself.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT width_bucket(hour, %(starts)s::timestamp[]) - 1, endpoint_id, %(sums)s
                  FROM (%(hours)s) AS h
                 WHERE company_id = ANY(%(company_ids)s)
                       OR company_id IS NULL AND endpoint_id IN (
                          SELECT id FROM integration_endpoint
                           WHERE company_id IS NULL OR company_id = ANY(%(company_ids)s))
              GROUP BY 1, 2
                """,
                starts=starts,
                sums=sums,
                hours=self.env["integration.delivery.hour"]._read_sql(starts[0]),
                company_ids=self.env.companies.ids,
            )
        )
        return {
            (place, endpoint_id): SeriesPart(*counts[: len(COUNTS)], counts[len(COUNTS) :])
            for place, endpoint_id, *counts in rows
        }

    @api.model
    def _describe_series(self, starts, series):
        """The charts' lines, each a list with one value for each part of the period.

        :return: starts (domains' datetimes), delivered, retried, failed (attempts), and how long accepted
            deliveries had waited, in ms: half_within and most_within (95 of 100); None where there were none
        """
        totals = [SeriesPart(0, 0, 0, (0,) * len(LAGS))] * len(starts)
        # One pass: with thousands of endpoints there are very many parts.
        for (place, _endpoint_id), part in series.items():
            total = totals[place]
            totals[place] = SeriesPart(
                total.delivered + part.delivered,
                total.retried + part.retried,
                total.failed + part.failed,
                tuple(map(sum, zip(total.lags, part.lags, strict=True))),
            )
        return {
            "starts": [str(start) for start in starts],
            **{
                name: [getattr(total, name) for total in totals]
                for name in ("delivered", "retried", "failed")
            },
            "half_within": [read_quantile(total.lags, LAG_BOUNDS_MS, 0.5) for total in totals],
            "most_within": [read_quantile(total.lags, LAG_BOUNDS_MS, 0.95) for total in totals],
        }
