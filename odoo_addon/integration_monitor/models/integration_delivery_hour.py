"""What came of attempts, counted by hour: what charts over 90 days are drawn from.

Counting a million attempts takes seconds, and reports are the hot path: they must not wait for a shared row.
So a scheduled action counts what was reported since its last run, and whoever asks adds what is not
counted yet: attempts above the mark, which the primary key finds. Both see the same mark, so nothing is
counted twice.

    ids of attempts    1 ······ counted by hour ······ counted_to | read each time ······ now

Transactions commit in another order than they take ids. An id below the highest one may still be on its way,
and must not be passed over. So a run first notes the highest id and the transactions under way (``next_to``,
``next_xact``), and counts up to it only when all of those are over: at once, unless one of them is long.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Upper bounds of the columns lag_0 to lag_12, in ms; lag_13 is what took longer.
LAG_BOUNDS_MS = (
    250,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    30_000,
    60_000,
    300_000,
    900_000,
    3_600_000,
    21_600_000,
    86_400_000,
)
COUNTS = ("delivered_count", "retry_count", "failed_count")
LAGS = tuple(f"lag_{place}" for place in range(len(LAG_BOUNDS_MS) + 1))
# Attempts per transaction: about a second's work.
COUNT_BATCH = 50_000
# The longest period of the overview, and some.
KEPT_DAYS = 100


class IntegrationDeliveryHour(models.Model):
    _name = "integration.delivery.hour"
    _description = "Integration Delivery Hour"
    _log_access = False
    _rec_name = "hour"

    hour = fields.Datetime("Hour", required=True, readonly=True, help="Its beginning.")
    endpoint_id = fields.Many2one(
        "integration.endpoint", "Endpoint", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", "Company", readonly=True, ondelete="cascade")
    delivered_count = fields.Integer("Accepted", readonly=True)
    retry_count = fields.Integer("To Be Retried", readonly=True)
    failed_count = fields.Integer("Refused", readonly=True)
    # How long accepted deliveries had waited, see LAG_BOUNDS_MS.
    lag_0 = fields.Integer("Within 0.25 s", readonly=True)
    lag_1 = fields.Integer("Within 0.5 s", readonly=True)
    lag_2 = fields.Integer("Within 1 s", readonly=True)
    lag_3 = fields.Integer("Within 2 s", readonly=True)
    lag_4 = fields.Integer("Within 5 s", readonly=True)
    lag_5 = fields.Integer("Within 10 s", readonly=True)
    lag_6 = fields.Integer("Within 30 s", readonly=True)
    lag_7 = fields.Integer("Within 1 min", readonly=True)
    lag_8 = fields.Integer("Within 5 min", readonly=True)
    lag_9 = fields.Integer("Within 15 min", readonly=True)
    lag_10 = fields.Integer("Within 1 h", readonly=True)
    lag_11 = fields.Integer("Within 6 h", readonly=True)
    lag_12 = fields.Integer("Within 1 day", readonly=True)
    lag_13 = fields.Integer("Longer", readonly=True)

    _place_unique = models.UniqueIndex("(hour, endpoint_id, COALESCE(company_id, 0))")

    @api.model
    def _cron_count(self):
        """Count what was reported since the last run, and forget hours that nobody can ask for any more."""
        self._forget_before(fields.Datetime.now() - timedelta(days=KEPT_DAYS))
        crons = self.env["ir.cron"]
        marks = self.env["integration.delivery.hour.mark"]
        marks._note_limit()
        crons._commit_progress()
        limit = marks._find_limit()
        crons._commit_progress()
        counted_to = marks._read_counted_to()
        while limit is not None and counted_to < limit:
            counted_to = self._count_batch(limit)
            # Each batch is committed with its mark, so a long first run neither locks nor starts over.
            if not crons._commit_progress(1, remaining=int(counted_to < limit)):
                break

    @api.model
    def _count_batch(self, limit):
        """Count the next attempts up to the id ``limit``; return up to which it is counted now."""
        marks = self.env["integration.delivery.hour.mark"]
        counted_to = marks._read_counted_to()
        batch_to = min(limit, counted_to + COUNT_BATCH)
        columns = SQL(", ").join(SQL.identifier(name) for name in (*COUNTS, *LAGS))
        added = SQL(", ").join(
            SQL("%s = h.%s + excluded.%s", *[SQL.identifier(name)] * 3) for name in (*COUNTS, *LAGS)
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_delivery_hour AS h (hour, endpoint_id, company_id, %(columns)s)
                %(counted)s
                ON CONFLICT (hour, endpoint_id, COALESCE(company_id, 0)) DO UPDATE SET %(added)s
                """,
                columns=columns,
                counted=self._count_sql(SQL("a.id > %s AND a.id <= %s", counted_to, batch_to)),
                added=added,
            )
        )
        marks._set_counted_to(batch_to)
        self.invalidate_model()
        return batch_to

    @api.model
    def _count_sql(self, which):
        """The query that counts the attempts ``which`` (on alias ``a``, deliveries are ``d``) by hour."""
        outcomes = ("delivered", "retry", "failed")
        lag_ms = SQL(
            """EXTRACT(EPOCH FROM a.started_at - CASE WHEN d.waiting_since <= a.started_at
                                                      THEN d.waiting_since ELSE d.create_date END) * 1000
               + a.duration_ms"""
        )
        place = SQL("width_bucket(%s, %s::float8[])", SQL("(%s)::float8", lag_ms), list(LAG_BOUNDS_MS))
        counts = [SQL("count(*) FILTER (WHERE outcome = %s)", outcome) for outcome in outcomes]
        lags = [SQL("count(*) FILTER (WHERE place = %s)", place) for place in range(len(LAGS))]
        names = [SQL.identifier(name) for name in (*COUNTS, *LAGS)]
        return SQL(
            """
            SELECT hour, endpoint_id, company_id, %(sums)s
              FROM (SELECT date_trunc('hour', a.started_at) AS hour, d.endpoint_id, d.company_id, a.outcome,
                           CASE WHEN a.outcome = 'delivered' THEN %(place)s END AS place
                      FROM integration_delivery_attempt a
                      JOIN integration_delivery d ON d.id = a.delivery_id
                     WHERE %(which)s AND d.is_test IS NOT TRUE) AS attempt
          GROUP BY hour, endpoint_id, company_id
            """,
            sums=SQL(", ").join(
                SQL("%s AS %s", count, name) for count, name in zip((*counts, *lags), names, strict=True)
            ),
            place=place,
            which=which,
        )

    @api.model
    def _read_sql(self, since):
        """The query that reads all hours from ``since`` on, with what is not counted yet.

        A period may begin within an hour only where it begins with one: ``since`` is a full hour.
        """
        counted_to = self.env["integration.delivery.hour.mark"]._read_counted_to()
        columns = SQL(", ").join(SQL.identifier(name) for name in (*COUNTS, *LAGS))
        return SQL(
            """
            SELECT hour, endpoint_id, company_id, %s FROM integration_delivery_hour WHERE hour >= %s
             UNION ALL %s
            """,
            columns,
            since,
            self._count_sql(SQL("a.id > %s AND a.started_at >= %s", counted_to, since)),
        )

    @api.model
    def _forget_before(self, instant):
        self.env.cr.execute(SQL("DELETE FROM integration_delivery_hour WHERE hour < %s", instant))
        self.invalidate_model()
