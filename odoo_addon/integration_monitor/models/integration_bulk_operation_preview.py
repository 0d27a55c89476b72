"""The preview of a bulk operation: makes the list of what will be done, and says what that means."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from .delivery_state_machine import STATES_TO_CANCEL, STATES_TO_REPLAY, STATES_TO_RETRY
from .group_names import GROUP_OPERATOR
from .replay_rules import IS_OUTDATED

STATES_BY_KIND = {
    "retry": STATES_TO_RETRY,
    "cancel": STATES_TO_CANCEL,
    "replay_original": STATES_TO_REPLAY,
    "replay_current": STATES_TO_REPLAY,
}
# Staff rights are found out document by document, in pages of this many deliveries.
RIGHTS_PAGE = 5000


class IntegrationBulkOperation(models.Model):
    _inherit = "integration.bulk.operation"

    @api.model
    def _prepare(self, kind, domain, **values):
        """Make a draft with the list of deliveries that the user may change and that fit.

        :param list domain: which deliveries
        :param values: further fields of the operation
        """
        # sudo: write access to operations is given to nobody; it also drops the client's defaults
        operation = self.sudo().create(
            {
                "kind": kind,
                "user_id": self.env.uid,
                "company_ids": [fields.Command.set(self.env.companies.ids)],
                **values,
            }
        )
        operation.env["integration.bulk.progress"].create(
            {"operation_id": operation.id, "last_id": 0, "done_count": 0, "skipped_count": 0}
        )
        # The list is made with the rights of the person.
        operation.with_env(self.env)._list_items(Domain(domain))
        if kind in ("retry", "replay_original"):
            operation._drop_outdated()
        elif kind == "replay_current":
            operation._keep_one_per_record()
        operation._count()
        return operation.with_env(self.env)

    @api.model
    def _prepare_replay(self, kind, endpoint, range_start, range_end, event_types):
        """Make a draft for a replay of what was delivered to an endpoint in a time range.

        :raise AccessError: IM_REPLAY_NOT_ALLOWED
        """
        endpoint.check_access("read")
        endpoint._check_may_replay()
        domain = [
            ("endpoint_id", "=", endpoint.id),
            ("delivered_at", ">=", range_start),
            ("delivered_at", "<=", range_end),
            ("state", "in", list(STATES_TO_REPLAY)),
        ]
        if event_types:
            domain.append(("event_type_id", "in", event_types.ids))
        return self._prepare(
            kind, domain, endpoint_id=endpoint.id, range_start=range_start, range_end=range_end
        )

    def _list_items(self, domain):
        deliveries = self.env["integration.delivery"]
        fitting = domain & Domain("state", "in", list(STATES_BY_KIND[self.kind]))
        if self.kind == "retry":
            # What is due goes out as it is; a bulk retry would only put it behind other work.
            fitting &= Domain("state", "!=", "pending") | Domain("next_attempt_at", ">", deliveries._now())
        unsuitable_count = deliveries.search_count(domain) - deliveries.search_count(fitting)
        if self.env.su or self.env.user.has_group(GROUP_OPERATOR):
            query = deliveries._search(fitting)
            self._insert_items(query.subselect())
            forbidden_count = 0
        else:
            forbidden_count = self._list_changeable(deliveries.search(fitting, order="id").ids)
        # sudo: write access to operations is given to nobody
        self.sudo().write({"unsuitable_count": unsuitable_count, "forbidden_count": forbidden_count})

    def _list_changeable(self, delivery_ids):
        """List those of the deliveries that the user may change; return how many he may not."""
        forbidden_count = 0
        for start in range(0, len(delivery_ids), RIGHTS_PAGE):
            page = self.env["integration.delivery"].browse(delivery_ids[start : start + RIGHTS_PAGE])
            changeable = page._filter_changeable()
            forbidden_count += len(page) - len(changeable)
            self._insert_items(SQL("(SELECT unnest(%s::int[]))", changeable.ids))
        return forbidden_count

    def _insert_items(self, delivery_ids):
        """List these deliveries with the state they are in.

        :param SQL delivery_ids: a subquery in brackets
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_bulk_item (operation_id, delivery_id, state)
                SELECT %s, id, state FROM integration_delivery WHERE id IN %s
                """,
                self.id,
                delivery_ids,
            )
        )

    def _drop_outdated(self):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM integration_bulk_item i USING integration_delivery d
                 WHERE i.operation_id = %s AND d.id = i.delivery_id AND d.state <> 'pending' AND %s
                """,
                self.id,
                IS_OUTDATED,
            )
        )
        self.unsuitable_count += self.env.cr.rowcount

    def _keep_one_per_record(self):
        """Current content is sent once per record and event type, however many events there were."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM integration_bulk_item i
                 USING (
                    SELECT i.id, row_number() OVER (
                               PARTITION BY d.event_type_id, d.res_model, d.res_id ORDER BY d.id DESC
                           ) AS position
                      FROM integration_bulk_item i
                      JOIN integration_delivery d ON d.id = i.delivery_id
                     WHERE i.operation_id = %s
                 ) AS newest_first
                 WHERE i.id = newest_first.id AND newest_first.position > 1
                """,
                self.id,
            )
        )

    def _count(self):
        """Count the list and lay the counts out by endpoint and status."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.endpoint_id, d.state, count(*)
                  FROM integration_bulk_item i
                  JOIN integration_delivery d ON d.id = i.delivery_id
                 WHERE i.operation_id = %s
              GROUP BY d.endpoint_id, d.state
              ORDER BY count(*) DESC
                """,
                self.id,
            )
        )
        endpoints = self.env["integration.endpoint"].browse({row[0] for row in rows})
        cells = Markup("<tr><td>{}</td><td>{}</td><td class='text-end'>{}</td></tr>")
        label = self.env["integration.delivery"]._state_label
        lines = Markup().join(
            cells.format(
                endpoints.browse(endpoint_id).name, label(state), formatLang(self.env, count, digits=0)
            )
            for endpoint_id, state, count in rows
        )
        notes = Markup().join(
            Markup("<p class='text-warning-emphasis'>{}</p>").format(text)
            for endpoint in endpoints
            if (text := endpoint._explain_silence())
        )
        table = Markup(
            "<table class='table table-sm'><thead><tr><th>{}</th><th>{}</th><th class='text-end'>{}</th></tr>"
            "</thead><tbody>{}</tbody></table>{}"
        ).format(self.env._("Endpoint"), self.env._("Status"), self.env._("Deliveries"), lines, notes)
        self.write({"total_count": sum(row[2] for row in rows), "preview": table if rows else False})
