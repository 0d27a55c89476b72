"""What the banner of a document says: one case for each delivery that failed."""

from odoo import api, models


class IntegrationDocumentMixin(models.AbstractModel):
    _inherit = "integration.document.mixin"

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_integration_cases(self):
        failed = self._find_failed_deliveries().sorted("sequence")
        changeable = failed._filter_changeable()
        by_document = failed.grouped("res_id")
        for document in self:
            document.integration_cases = [
                document._read_integration_case(delivery, delivery in changeable)
                for delivery in by_document.get(document._origin.id, ())
            ]

    def _read_integration_case(self, delivery, can_act):
        """One case as the banner reads it (``web/src/document_cases.ts``)."""
        self.ensure_one()
        return {
            "delivery_id": delivery.id,
            "summary": delivery.case_summary,
            "advice": delivery.case_advice,
            "kind": delivery.case_kind,
            "can_act": can_act,
            "ask_whom": False if can_act else self._find_whom_to_ask(delivery),
        }

    def _find_whom_to_ask(self, delivery):
        """The name of who takes care of the case, or whose document it is, unless it is the reader."""
        # sudo: whom to ask is no secret to who may see the case
        case = delivery.sudo()
        responsible = case.responsible_id or case._find_owner()
        return responsible.name if responsible and responsible != self.env.user else False
