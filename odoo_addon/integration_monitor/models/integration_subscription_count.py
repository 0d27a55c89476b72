"""How many documents a record filter lets through, while somebody edits it."""

from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..capture.record_filter import check_domain, read_domain
from .bounded_reading import bounded_reading

COUNT_DAYS = 90
COUNT_MAX = 10_000
COUNT_S = 2


class IntegrationSubscription(models.Model):
    _inherit = "integration.subscription"

    @api.model
    def count_matching(self, event_type_id, filter_domain=False):
        """Count the documents of the last days that fit the event type, and those the filter lets through.

        Only what the user may read is counted, at most 10,000 of each, and only for a moment.

        :return: state ``counted``, ``no_access``, ``invalid`` or ``slow``; days (0: of any age); limit;
            matching and total (limit + 1 for more than the limit; 0 unless counted)
        :raise AccessError: for others than members of the monitor
        """
        self.browse().check_access("read")
        answer = {"state": "counted", "matching": 0, "total": 0, "limit": COUNT_MAX, "days": 0}
        event_type = self.env["integration.event.type"].browse(event_type_id).exists()
        model = self.env(context={}).get(event_type.model_name) if event_type else None
        if model is None:
            return {**answer, "state": "invalid"}
        if not model.has_access("read"):
            return {**answer, "state": "no_access"}
        try:
            check_domain(filter_domain, model)
            domain = Domain(read_domain(event_type.filter_domain))
            if model._log_access:
                since = self.env.cr.now() - timedelta(days=COUNT_DAYS)
                domain &= Domain("create_date", ">=", since)
                answer["days"] = COUNT_DAYS
            with bounded_reading(self.env.cr, COUNT_S):
                answer["total"] = model.search_count(domain, limit=COUNT_MAX + 1)
                narrowed = domain & Domain(read_domain(filter_domain))
                answer["matching"] = model.search_count(narrowed, limit=COUNT_MAX + 1)
        except psycopg2.errors.QueryCanceled:
            return {**answer, "state": "slow", "matching": 0, "total": 0}
        except AccessError:
            return {**answer, "state": "no_access"}
        except (UserError, ValueError, SyntaxError):
            return {**answer, "state": "invalid"}
        return answer
