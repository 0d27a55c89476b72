"""Sends one real event of a chosen record to an endpoint, and shows all that became of it."""

import json
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..capture.capture_plan import plan_subscription
from ..capture.routing import match_records


class IntegrationEndpointTestWizard(models.TransientModel):
    _name = "integration.endpoint.test.wizard"
    _description = "Test of an endpoint"

    endpoint_id = fields.Many2one("integration.endpoint", required=True, readonly=True, ondelete="cascade")
    event_type_choice_ids = fields.Many2many("integration.event.type", compute="_compute_event_type_choices")
    event_type_id = fields.Many2one(
        "integration.event.type",
        "Event",
        domain="[('id', 'in', event_type_choice_ids)]",
        help="What the receiver is told. Events about records that you may not see cannot be chosen.",
    )
    res_model = fields.Char(related="event_type_id.model_name")
    res_id = fields.Many2oneReference(
        "Record",
        model_field="res_model",
        compute="_compute_res_id",
        store=True,
        readonly=False,
        help="A real record, whose data the receiver gets. First the newest that the endpoint would get.",
    )
    is_mapped = fields.Boolean(compute="_compute_is_mapped")
    body_preview = fields.Text("What Will Be Sent", compute="_compute_body_preview")
    notice = fields.Text(compute="_compute_notice")

    @api.model
    def _prepare(self, endpoint):
        """Make the wizard with the event and the record that suit best."""
        wizard = self.create({"endpoint_id": endpoint.id})
        wizard.event_type_id = wizard._pick_event_type()
        return wizard

    def _reopen(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test %(endpoint)s", endpoint=self.endpoint_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------------
    # Choosing
    # ------------------------------------------------------------------

    @api.depends("endpoint_id")
    def _compute_event_type_choices(self):
        event_types = self.env["integration.event.type"].search([])
        readable = event_types.filtered(
            lambda t: t.model_name in self.env and self.env[t.model_name].has_access("read")
        )
        for wizard in self:
            wizard.event_type_choice_ids = readable

    def _pick_event_type(self):
        """One that the endpoint is subscribed to and that has a record to show, if there is any."""
        choices = self.event_type_choice_ids
        subscribed = choices & self.endpoint_id.subscription_ids.event_type_id
        for event_type in (*subscribed, *(choices - subscribed)):
            if self._find_records(event_type, limit=1):
                return event_type
        return choices[:1]

    @api.depends("event_type_id")
    def _compute_res_id(self):
        for wizard in self:
            wizard.res_id = wizard.event_type_id and wizard._find_records(wizard.event_type_id, limit=1).id

    def _find_records(self, event_type, limit):
        """The newest records that the user may see and the endpoint would get; else any that he may see."""
        model = self.env[event_type.model_name]
        within = self._company_domain(model)
        for condition in (*self._find_conditions(event_type, model), Domain.TRUE):
            if isinstance(condition, Domain):
                records = model.search(within & condition, order="id desc", limit=limit)
                if records:
                    return records
        return model

    def _find_conditions(self, event_type, model):
        """The conditions of the event, strictest first; what cannot be read is left out."""
        plan = self.env["integration.capture.revision"]._find_plan().event_types.get(event_type.id)
        condition = plan.filter if plan and isinstance(plan.filter, Domain) else Domain.TRUE
        subscription = self._find_subscription(event_type)
        wanted = subscription and plan_subscription(subscription, model).filter
        return [condition & wanted, condition] if isinstance(wanted, Domain) else [condition]

    def _company_domain(self, model):
        company = self.endpoint_id.company_id
        if not company or "company_id" not in model._fields:
            return Domain.TRUE
        return Domain("company_id", "=", False) | Domain("company_id", "child_of", company.ids)

    def _find_subscription(self, event_type):
        return self.endpoint_id.subscription_ids.filtered(lambda line: line.event_type_id == event_type)[:1]

    def _find_record(self):
        """The chosen record; empty if there is none that the user may see."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return None
        record = self.env[self.res_model].browse(self.res_id).exists()
        return record if record and record.has_access("read") else None

    # ------------------------------------------------------------------
    # Before sending
    # ------------------------------------------------------------------

    @api.depends("endpoint_id", "event_type_id")
    def _compute_is_mapped(self):
        for wizard in self:
            mapped = wizard.endpoint_id.with_context(active_test=False).subscription_ids.filtered("is_mapped")
            wizard.is_mapped = wizard.event_type_id in mapped.event_type_id

    @api.depends("event_type_id", "res_id")
    def _compute_body_preview(self):
        for wizard in self:
            wizard.body_preview = wizard._render_preview()

    def _render_preview(self):
        record = self._find_record()
        if not record:
            return False
        # sudo: events are rendered by the system; what they hold, users of integrations see in every event
        events = self.env["integration.event"].sudo()
        content = events._render_test(self.event_type_id.sudo(), record)
        if content.error:
            return content.error
        now = self.env["integration.delivery"]._now()
        row = {
            "event_id": str(uuid.uuid4()),
            "technical_name": self.event_type_id.technical_name,
            "res_model": record._name,
            "res_id": record.id,
            "occurred_at": now,
            "recorded_at": now,
            "sequence": 0,
            "correlation_id": str(uuid.uuid4()),
            "actor_id": self.env.uid,
            "payload": content.payload,
            "is_test": True,
        }
        return lay_out_json(events._render_body(row))

    @api.depends("event_type_id", "res_id")
    def _compute_notice(self):
        for wizard in self:
            wizard.notice = wizard._explain_choice()

    def _explain_choice(self):
        """What a person should know about this choice before sending; False if nothing."""
        if not self.event_type_choice_ids:
            return self.env._(
                "There is no event about records that you may see. Ask a colleague who may see such "
                "documents and is an integration operator."
            )
        if not self.event_type_id:
            return self.env._("Choose an event.")
        record = self._find_record()
        if not record:
            return self.env._("Choose a record: there is none yet, or none that you may see.")
        if other_company := self.endpoint_id._explain_other_company(record):
            return other_company
        subscription = self._find_subscription(self.event_type_id)
        if not subscription:
            return self.env._(
                "“%(endpoint)s” is not subscribed to this event, so it gets it in this test only.",
                endpoint=self.endpoint_id.name,
            )
        # sudo: a filter is evaluated as when the event is routed
        plan = plan_subscription(subscription.sudo(), record)
        matches = match_records(self.env(su=True), [plan], record.sudo())
        if matches.get(record.id) != {subscription.id: None}:
            return self.env._(
                "The record filter of the subscription does not let this record pass, so “%(endpoint)s” "
                "would not get it by itself. The test sends it all the same.",
                endpoint=self.endpoint_id.name,
            )
        return False

    def action_send(self):
        """Send the chosen event and show what becomes of it.

        :raise AccessError: IM_ENDPOINT_TEST_NOT_ALLOWED
        :raise UserError: IM_ENDPOINT_TEST_IMPOSSIBLE
        """
        self.ensure_one()
        record = self._find_record()
        if not record or not self.event_type_id:
            raise UserError(
                self.env._(
                    "IM_ENDPOINT_TEST_IMPOSSIBLE: choose a record that exists and that the event is about."
                )
            )
        self.delivery_id = self.endpoint_id._send_test(self.event_type_id, record)
        return self._reopen()

    def action_again(self):
        """Choose anew, beginning with the same event and record."""
        self.ensure_one()
        self.delivery_id = False
        return self._reopen()


def lay_out_json(text):
    """Return the JSON text with indents; a text that is none, or was cut off, as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
