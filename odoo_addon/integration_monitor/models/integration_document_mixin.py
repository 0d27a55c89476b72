"""Shows on a business document whether other systems got its events.

Nothing is stored on the document: a delivery's progress must never write to a record that people edit, nor
collide with them. Every value is computed with the user's rights on deliveries; who may not see deliveries
of a document gets False and 0.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

# worst first: the first of these that a document has is its state
DELIVERY_STATES_BY_STATE = {
    "failed": ("failed",),
    "pending": ("pending", "queued"),
    "delivered": ("delivered", "acknowledged"),
    "cancelled": ("cancelled", "expired"),
}


def find_document_state(delivery_states):
    """Return the state of a document whose deliveries have these states: the worst counts."""
    for state, some in DELIVERY_STATES_BY_STATE.items():
        if any(delivery_state in delivery_states for delivery_state in some):
            return state
    return False


class IntegrationDocumentMixin(models.AbstractModel):
    _name = "integration.document.mixin"
    _description = "Integration Document"

    integration_state = fields.Selection(
        [
            ("failed", "Needs attention"),
            ("pending", "In transit"),
            ("delivered", "Delivered"),
            ("cancelled", "Not sent"),
        ],
        "Integration Status",
        compute="_compute_integration_state",
        search="_search_integration_state",
        falsy_value_label="Never sent",
        help="Whether the connected systems got this document; the worst delivery counts.",
    )
    integration_delivery_count = fields.Integer("Deliveries", compute="_compute_integration_state")
    integration_failed_count = fields.Integer("Failed Deliveries", compute="_compute_integration_state")
    integration_cases = fields.Json(
        "Integration Cases",
        compute="_compute_integration_cases",
        help="What a person is needed for, as the banner of the document shows it.",
    )
    integration_failure_message = fields.Text(
        "Integration Failure", compute="_compute_integration_failure_message"
    )
    can_retry_integration = fields.Boolean(
        "Can Retry Integration",
        compute="_compute_can_retry_integration",
        help="Whether you may send the failed deliveries of this document again.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_integration_state(self):
        count_by_state = {}
        for res_id, state, count in self._read_delivery_groups(["res_id", "state"]):
            count_by_state.setdefault(res_id, {})[state] = count
        for document in self:
            counts = count_by_state.get(document._origin.id, {})
            document.integration_delivery_count = sum(counts.values())
            document.integration_failed_count = counts.get("failed", 0)
            document.integration_state = find_document_state(counts)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_integration_failure_message(self):
        failed = self._find_failed_deliveries().sorted("sequence").grouped("res_id")
        for document in self:
            document.integration_failure_message = "\n".join(
                f"{delivery.endpoint_name}: {delivery.last_error or self.env._('No details')}"
                for delivery in failed.get(document._origin.id, ())
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_retry_integration(self):
        changeable = self._find_failed_deliveries()._filter_changeable()
        res_ids = set(changeable.mapped("res_id"))
        for document in self:
            document.can_retry_integration = document._origin.id in res_ids

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_integration_timeline(self):
        """Show what happened to this document's events, step by step."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "integration_monitor.document_timeline",
            "name": self.env._("Integrations of %(document)s", document=self.display_name),
            "target": "new",
            "params": {"res_model": self._name, "res_id": self.id},
        }

    def action_view_integration_deliveries(self):
        """Open the deliveries of these documents."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries"),
            "res_model": "integration.delivery",
            "view_mode": "list,kanban,form",
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_integration_retry(self):
        """Send every failed delivery of these documents again that the user may retry.

        :raise AccessError: when there are failed deliveries but the user may retry none of them
        :raise UserError: IM_RETRY_NOTHING when nothing failed
        """
        self.check_access("read")
        failed = self._find_failed_deliveries()
        if not failed:
            raise UserError(
                self.env._(
                    "IM_RETRY_NOTHING: nothing failed on this document, so there is nothing to send again. "
                    "Reload the page to see its present status."
                )
            )
        # With nothing changeable the whole batch is handed on, to be refused with the reason.
        return (failed._filter_changeable() or failed).action_retry()

    def action_integration_explain(self):
        """Open the explanation why this document was sent to each system, or not."""
        self.ensure_one()
        self.check_access("read")
        return self.env["integration.explain.wizard"]._open(document=self)

    def _integration_stakes(self):
        """Whose documents these are and how much is at stake, as kept on their deliveries.

        Called in the save that makes the event, when the records are in memory: it must not make PostgreSQL
        look up more than one thing for all of them. A document that has no amount says None for it and for
        the currency.

        :return: ``{record id: (id of the contact, amount, id of its currency)}``; missing: nothing to say
        """
        return {}

    def _integration_count_words(self):
        """How many documents these are, as phrases like "17 invoices"; some may be deleted by now."""
        kind = self.env["ir.model"]._get(self._name).name
        number = formatLang(self.env, len(self), digits=0)
        return [self.env._("%(count)s × %(kind)s", count=number, kind=kind)]

    def _integration_owner(self):
        """The user to ask when a delivery of this document failed; bridges override where it is known."""
        self.ensure_one()
        for name in ("user_id", "invoice_user_id"):
            if name in self._fields and self._fields[name].comodel_name == "res.users" and self[name]:
                return self[name]
        return self.create_uid

    # ------------------------------------------------------------------
    # Reading deliveries with the user's rights
    # ------------------------------------------------------------------

    @api.model
    def _model_delivery_domain(self):
        # Named, because lists that show archived documents would show tests as well.
        return [("res_model", "=", self._name), ("is_test", "=", False)]

    def _delivery_domain(self):
        return [*self._model_delivery_domain(), ("res_id", "in", self._origin.ids)]

    def _read_delivery_groups(self, groupby):
        deliveries = self.env["integration.delivery"]
        if not self._origin.ids or not deliveries.has_access("read"):
            return []
        return deliveries._read_group(self._delivery_domain(), groupby, ["__count"])

    def _find_failed_deliveries(self):
        deliveries = self.env["integration.delivery"]
        if not self._origin.ids or not deliveries.has_access("read"):
            return deliveries
        return deliveries.search([*self._delivery_domain(), ("state", "=", "failed")])
