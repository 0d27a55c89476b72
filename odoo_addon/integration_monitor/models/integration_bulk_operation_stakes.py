"""One sentence that says what a bulk operation is about: "17 invoices, 43,120.50 USD to 2 systems"."""

from odoo import fields, models
from odoo.tools import SQL, formatLang
from odoo.tools.i18n import format_list


class IntegrationBulkOperation(models.Model):
    _inherit = "integration.bulk.operation"

    summary = fields.Char(readonly=True, help="Which documents, how much money and how many systems.")

    def _count(self):
        super()._count()
        self.summary = self._summarise() if self.total_count else False

    def _summarise(self):
        documents = self._count_documents()
        amounts = self._sum_amounts()
        systems = self._count_systems()
        if amounts:
            return self.env._(
                "%(documents)s, %(amounts)s to %(systems)s",
                documents=documents,
                amounts=amounts,
                systems=systems,
            )
        return self.env._("%(documents)s to %(systems)s", documents=documents, systems=systems)

    def _count_documents(self):
        rows = self._query_list(
            SQL("SELECT d.res_model, array_agg(DISTINCT d.res_id)"), SQL("GROUP BY d.res_model")
        )
        phrases = []
        for res_model, res_ids in sorted(rows, key=lambda row: -len(row[1])):
            # sudo: only what the person may change is on the list
            documents = self.env[res_model].sudo().browse(res_ids) if res_model in self.env else None
            if documents is not None and hasattr(documents, "_integration_count_words"):
                phrases += documents._integration_count_words()
            elif len(res_ids) == 1:
                phrases.append(self.env._("1 document"))
            else:
                phrases.append(self.env._("%(count)s documents", count=self._say_number(len(res_ids))))
        return format_list(self.env, phrases)

    def _sum_amounts(self):
        """A document counts once, however many systems get it; currencies are never added up."""
        newest = self._query_list(
            SQL("SELECT DISTINCT ON (d.res_model, d.res_id) d.currency_id, d.amount"),
            SQL("AND d.currency_id IS NOT NULL ORDER BY d.res_model, d.res_id, d.sequence DESC"),
        )
        totals = {}
        for currency_id, amount in newest:
            totals[currency_id] = totals.get(currency_id, 0) + (amount or 0)
        currencies = self.env["res.currency"].browse(sorted(totals, key=lambda id_: -totals[id_]))
        return format_list(
            self.env,
            [
                f"{formatLang(self.env, totals[currency.id], digits=currency.decimal_places)} {currency.name}"
                for currency in currencies
            ],
        )

    def _count_systems(self):
        ((count,),) = self._query_list(SQL("SELECT count(DISTINCT d.endpoint_id)"), SQL())
        if count == 1:
            return self.env._("1 system")
        return self.env._("%(count)s systems", count=self._say_number(count))

    def _say_number(self, number):
        return formatLang(self.env, number, digits=0)

    def _query_list(self, select, rest):
        """Query the deliveries ``d`` of the list; everything is flushed by ``_count``."""
        return self.env.execute_query(
            SQL(
                """
                %s
                  FROM integration_bulk_item i
                  JOIN integration_delivery d ON d.id = i.delivery_id
                 WHERE i.operation_id = %s %s
                """,
                select,
                self.id,
                rest,
            )
        )
