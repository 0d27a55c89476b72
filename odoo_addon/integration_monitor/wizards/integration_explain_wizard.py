"""Answers for any document why it was sent to a system, or not: rule by rule, value by value."""

from odoo import api, fields, models

from ..explain.cases import ENDPOINTS_MAX, find_case_of, find_cases
from ..explain.explanation import explain_case, explain_cases


class IntegrationExplainWizard(models.TransientModel):
    _name = "integration.explain.wizard"
    _description = "Explanation of what was sent"

    document_ref = fields.Reference(
        selection="_selection_document_model",
        string="Document",
        help="The document whose sending is explained.",
    )
    endpoint_id = fields.Many2one(
        "integration.endpoint",
        string="System",
        groups="integration_monitor.group_user",
        help="Only this system. Empty: all that get something about this kind of document.",
    )
    delivery_id = fields.Many2one("integration.delivery", readonly=True, ondelete="cascade")
    endpoint_search = fields.Char(
        "Only Systems Named", help="A part of the system's name. Empty: all that get something of your area."
    )
    explanation = fields.Html(compute="_compute_explanation", sanitize=False)

    @api.model
    def _selection_document_model(self):
        """The kinds of document that events are about; the list of them is no secret."""
        names = self.env["integration.event.type"].sudo().with_context(active_test=False)
        model_names = {name for [name] in names._read_group([], ["model_name"]) if name in self.env}
        found = self.env["ir.model"].sudo().search([("model", "in", sorted(model_names))], order="name")
        return [(model.model, model.name) for model in found]

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model, res_id = self.env.context.get("active_model"), self.env.context.get("active_id")
        if "document_ref" in fields and res_id and model in dict(self._selection_document_model()):
            values.setdefault("document_ref", f"{model},{res_id}")
        return values

    @api.depends("document_ref", "delivery_id", "endpoint_search", "endpoint_id")
    @api.depends_context("uid", "lang", "allowed_company_ids", "tz")
    def _compute_explanation(self):
        for wizard in self:
            if wizard.delivery_id:
                values = wizard._explain_delivery(wizard.delivery_id._origin)
            else:
                # sudo: the field is for members; what it may choose is checked where it is used
                endpoint = wizard.sudo().endpoint_id.with_env(self.env)._origin
                values = wizard._explain(wizard.document_ref, endpoint, wizard.endpoint_search or "")
            wizard.explanation = self.env["ir.qweb"]._render("integration_monitor.explanation", values)

    @api.model
    def _explain(self, document, endpoint, search=""):
        """Return what the page shows of this document.

        :param document: one record of a business model, or none yet
        :param endpoint: an integration.endpoint, or none for all
        :return: the values of the template ``integration_monitor.explanation``
        :raise AccessError: who may not read the document is told nothing of it
        """
        if not document:
            return self._prepare_page([])
        document.check_access("read")
        if endpoint:
            endpoint.check_access("read")
        cases, is_cut = find_cases(self.env, document._name, document.id, endpoint, search)
        return self._prepare_page(
            explain_cases(cases),
            has_document=True,
            is_cut=is_cut,
            endpoint_name=endpoint.name or search,
        )

    @api.model
    def _explain_delivery(self, delivery):
        """Return what the page shows of this one delivery, whether or not its document still exists."""
        delivery.check_access("read")
        return self._prepare_page([explain_case(find_case_of(delivery))], has_document=True)

    @api.model
    def _prepare_page(self, explanations, has_document=False, is_cut=False, endpoint_name=""):
        return {
            "explanations": explanations,
            "has_document": has_document,
            "is_cut": is_cut,
            "endpoint_name": endpoint_name,
            "endpoints_max": ENDPOINTS_MAX,
        }

    @api.model
    def _open(self, document=None, endpoint=None, delivery=None):
        """Open the explanation of this document or delivery, or ask for a document."""
        context = {}
        if document:
            context["default_document_ref"] = f"{document._name},{document.id}"
        if endpoint:
            context["default_endpoint_id"] = endpoint.id
        if delivery:
            context["default_delivery_id"] = delivery.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why was it sent, or not?"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }
