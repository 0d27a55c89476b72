"""What is not over yet, for the overview: how much waits where, since when, and what it is worth."""

from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .integration_delivery_overview import LATE_AFTER, OPEN_DOMAIN, format_instant


class OpenGroup(NamedTuple):
    endpoint_id: int
    business_domain: str
    state: str
    count: int
    since: datetime


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _read_open(self, now):
        """Read all open deliveries once; a partial index holds them, however many are over.

        A document that waits for two systems, or twice for one, counts once, with its latest amount.

        :return: list of ``OpenGroup``; and what is held up: ``{scope: facts}`` where a scope is an endpoint's
            id, a business domain, or None for all, each as ``_describe_held`` returns it
        """
        self.flush_model()
        query = self._search(OPEN_DOMAIN)
        columns = ["endpoint_id", "business_domain", "state", "res_model", "res_id", "sequence"]
        columns += ["waiting_since", "lane", "currency_id", "amount"]
        is_late = SQL(
            "state = 'failed' OR waiting_since < CASE lane WHEN 'batch' THEN %s ELSE %s END",
            now - LATE_AFTER["batch"],
            now - LATE_AFTER["urgent"],
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH found AS MATERIALIZED (%(found)s), document AS (
                    SELECT GROUPING(business_domain) = 0 AS by_domain,
                           GROUPING(endpoint_id) = 0 AS by_endpoint,
                           business_domain, endpoint_id, count(*) AS count, min(waiting_since) AS since,
                           (array_agg(ARRAY[currency_id, amount] ORDER BY sequence DESC)
                            FILTER (WHERE amount IS NOT NULL))[1:1] AS worth
                      FROM found WHERE %(is_late)s
                  GROUP BY GROUPING SETS ((res_model, res_id), (business_domain, res_model, res_id),
                                          (endpoint_id, res_model, res_id))
                )
                SELECT 'open', endpoint_id, business_domain, state, count(*), min(waiting_since),
                       NULL, NULL, NULL
                  FROM found GROUP BY endpoint_id, business_domain, state
             UNION ALL
                SELECT CASE WHEN by_domain THEN 'domain' WHEN by_endpoint THEN 'endpoint' ELSE 'all' END,
                       endpoint_id, business_domain, NULL, sum(count), min(since), count(*),
                       worth[1][1]::int, sum(worth[1][2])
                  FROM document GROUP BY by_domain, by_endpoint, business_domain, endpoint_id, worth[1][1]
                """,
                found=query.select(*[SQL.identifier(self._table, name) for name in columns]),
                is_late=is_late,
            )
        )
        groups = [OpenGroup(row[1], row[2] or "", *row[3:6]) for row in rows if row[0] == "open"]
        parts = {None: []}
        for scope, endpoint_id, business_domain, _state, *facts in rows:
            if scope != "open":
                key = {"endpoint": endpoint_id, "domain": business_domain or "", "all": None}[scope]
                parts.setdefault(key, []).append(facts)
        return groups, {key: self._describe_held(facts) for key, facts in parts.items()}

    @api.model
    def _describe_held(self, facts=()):
        """Sum up what is held up.

        :param facts: ``(deliveries, since, documents, currency_id, amount)``, at most one per currency
        :return: deliveries and documents (counts), since, money ``[{currency_id, amount}]``, and ``worth``:
            all of it in the company's currency, ``{currency_id, amount}`` or False without any money
        """
        money = [
            (self.env["res.currency"].browse(currency_id), float(amount))
            for *_counts, currency_id, amount in facts
            if currency_id and amount
        ]
        company = self.env.company
        today = self._now().date()
        total = sum(
            currency._convert(amount, company.currency_id, company, today) for currency, amount in money
        )
        return {
            "deliveries": int(sum(fact[0] for fact in facts)),
            "documents": sum(fact[2] for fact in facts),
            "since": format_instant(min((fact[1] for fact in facts if fact[1]), default=None)),
            "money": [
                {"currency_id": currency.id, "currency": currency.name, "amount": currency.round(amount)}
                for currency, amount in sorted(money, key=lambda part: part[0].name)
            ],
            "worth": {"currency_id": company.currency_id.id, "amount": company.currency_id.round(total)}
            if money
            else False,
        }

    @api.model
    def _describe_processes(self, open_groups, held):
        """Each business process that sends anything, or has something open, and how it fares."""
        types = self.env["integration.event.type"]
        used = types._read_group([("subscription_ids", "!=", False)], ["business_domain"])
        present = {domain for (domain,) in used} | {group.business_domain for group in open_groups}
        return [
            {
                "key": key,
                "name": name,
                "waiting": sum(
                    g.count for g in open_groups if g.business_domain == key and g.state != "failed"
                ),
                "failed": sum(
                    g.count for g in open_groups if g.business_domain == key and g.state == "failed"
                ),
                "held": held.get(key) or self._describe_held(),
            }
            for key, name in types._fields["business_domain"]._description_selection(self.env)
            if key in present
        ]
