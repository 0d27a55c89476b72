"""What happened to the events of one document, in the order in which it happened, for every system.

One public method reads everything with the rights of who asks; the number of SQL statements does not grow
with the number of deliveries. What the entries say is put into words in ``timeline_entries.py``.
"""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from .integration_document_mixin import find_document_state
from .timeline_entries import TimelineWriter

# The newest of them; older ones are counted and stay in the list of deliveries.
DELIVERIES_MAX = 100


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def get_document_timeline(self, res_model, res_id):
        """Tell what happened to the events of a document.

        :param str res_model: model of the document
        :param int res_id: its id
        :return: ``{"name", "systems": [{"id", "name", "state"}], "entries": [...], "hidden_count"}``; the
            entries are those of ``TimelineWriter``, oldest first, what is still to come last
        :raise AccessError: when the user may not read the document
        :raise UserError: IM_DOCUMENT_MISSING
        """
        document = self._find_timeline_document(res_model, res_id)
        domain = [("res_model", "=", res_model), ("res_id", "=", document.id), ("is_test", "=", False)]
        newest = self.search(domain, order="sequence desc, id desc", limit=DELIVERIES_MAX)
        is_cut = len(newest) == DELIVERIES_MAX
        deliveries = newest.sorted(lambda d: (d.sequence, d.id))
        return {
            "name": document.display_name,
            "systems": deliveries._list_timeline_systems(),
            "entries": deliveries._list_timeline_entries(),
            "hidden_count": self.search_count(domain) - len(deliveries) if is_cut else 0,
        }

    @api.model
    def _find_timeline_document(self, res_model, res_id):
        model = self.env.get(res_model) if isinstance(res_model, str) else None
        is_known = model is not None and not model._abstract and isinstance(res_id, int)
        document = model.browse(res_id).exists() if is_known else None
        if not document:
            raise UserError(
                self.env._(
                    "IM_DOCUMENT_MISSING: %(document)s does not exist any more. The delivery still shows "
                    "what was sent.",
                    document=f"{res_model},{res_id}",
                )
            )
        document.check_access("read")
        return document

    def _list_timeline_systems(self):
        """The systems these deliveries go to, each with the state of the document there."""
        return [
            {
                "id": endpoint.id,
                "name": deliveries[0].endpoint_name,
                "state": find_document_state(set(deliveries.mapped("state"))),
            }
            for endpoint, deliveries in self.grouped("endpoint_id").items()
        ]

    def _list_timeline_entries(self):
        attempts = self._read_by_delivery("integration.delivery.attempt", "attempt_number")
        changes = self._read_by_delivery("integration.delivery.transition", "at, id")
        writer = TimelineWriter(self.env)
        # sudo: who may see a delivery may know what it tells of; events are closed to staff for their content
        for event, deliveries in self.grouped(lambda d: d.sudo().event_id).items():
            writer.add_event(event, deliveries)
        for delivery in self:
            writer.add_delivery(delivery, attempts[delivery.id], changes[delivery.id])
        return writer.list_entries()

    def _read_by_delivery(self, model, order):
        """The rows of ``model`` that belong to these deliveries: ``{delivery id: records}``."""
        rows = self.env[model].search([("delivery_id", "in", self.ids)], order=order)
        by_delivery = defaultdict(rows.browse)
        by_delivery.update({delivery.id: some for delivery, some in rows.grouped("delivery_id").items()})
        return by_delivery
