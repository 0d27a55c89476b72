"""Finds, groups and sorts documents by their integration state, which no document stores.

The state is worked out by PostgreSQL from the deliveries that the user may see, so a list of documents is
grouped by one query, whoever looks and however many there are.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .integration_document_mixin import DELIVERY_STATES_BY_STATE


class IntegrationDocumentMixin(models.AbstractModel):
    _inherit = "integration.document.mixin"

    def _search_integration_state(self, operator, value):
        if operator != "in":
            # Odoo turns = and != into in, and asks for the opposite of "in" when "not in" is unknown.
            return NotImplemented
        domain = Domain.FALSE
        worse_states = []
        for state, delivery_states in DELIVERY_STATES_BY_STATE.items():
            if state in value:
                domain |= self._with_delivery_in(delivery_states) & ~self._with_delivery_in(worse_states)
            worse_states = [*worse_states, *delivery_states]
        if False in value:
            domain |= ~self._with_delivery_in(worse_states)
        return domain

    @api.model
    def _with_delivery_in(self, delivery_states):
        """The documents with at least one visible delivery in one of these states, as a subquery."""
        deliveries = self.env["integration.delivery"]
        if not delivery_states or not deliveries.has_access("read"):
            return Domain.FALSE
        query = deliveries._search([*self._model_delivery_domain(), ("state", "in", list(delivery_states))])
        return Domain("id", "any!", query.select(SQL.identifier(query.table, "res_id")))

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "integration_state":
            return self._integration_state_to_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _integration_state_to_sql(self, alias):
        """The state of the document in ``alias`` as SQL; NULL where the user sees no delivery."""
        deliveries = self.env["integration.delivery"]
        if not deliveries.has_access("read"):
            return SQL("NULL::varchar")
        query = deliveries._search(self._model_delivery_domain())
        res_id = deliveries._field_to_sql(query.table, "res_id", query)
        state = deliveries._field_to_sql(query.table, "state", query)
        query.add_where(SQL("%s = %s", res_id, SQL.identifier(alias, "id")))
        worst_first = SQL(" ").join(
            SQL("WHEN bool_or(%s IN %s) THEN %s", state, delivery_states, document_state)
            for document_state, delivery_states in DELIVERY_STATES_BY_STATE.items()
        )
        return query.subselect(SQL("CASE %s END", worst_first))
