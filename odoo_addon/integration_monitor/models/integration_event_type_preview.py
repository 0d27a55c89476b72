"""What an event type would send, shown while it is being made, and what is wrong with it."""

import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..capture.record_filter import check_domain
from ..payload.field_tree import FieldListError, build_field_tree


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    preview = fields.Text(
        compute="_compute_preview", help="What receivers would get for the newest record that fits."
    )
    preview_origin = fields.Char(compute="_compute_preview")
    problem = fields.Text(compute="_compute_preview", help="What keeps this event type from being saved.")

    @api.depends("model_id", "field_ids.path", "filter_pre_domain", "filter_domain")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_preview(self):
        for event_type in self:
            event_type.update({"preview": False, "preview_origin": False, "problem": False})
            model = self.env.get(event_type.model_name or event_type.model_id.sudo().model)
            if model is None:
                continue
            try:
                tree = event_type._check_definition(model)
            except (UserError, FieldListError) as error:
                event_type.problem = str(error)
                continue
            event_type._show_preview(model, tree)

    def _check_definition(self, model):
        """Return the tree of fields.

        :raise UserError, FieldListError: what is wrong, a sentence
        """
        self._check_publishable_model(model._name)
        for domain in (self.filter_pre_domain, self.filter_domain):
            check_domain(domain, model)
        paths = [line.path for line in self.field_ids.sorted() if line.path]
        tree = build_field_tree(model, paths)
        for path in paths:
            if refusal := self._find_closed_model(model, path):
                raise UserError(refusal)
        return tree

    def _show_preview(self, model, tree):
        # Payloads carry no translations, so neither do their samples.
        payload, _hidden, record, _why = self._make_sample(model.with_context(lang=None), tree)
        self.preview = json.dumps(payload, indent=2, ensure_ascii=False)
        self.preview_origin = (
            self.env._("As it is sent for %(record)s.", record=record.display_name)
            if record
            else self.env._("Made-up values: there is no record that you may see.")
        )

    def action_show_sample(self):
        """Show what an event of this type tells, with its JSON Schema."""
        self.ensure_one()
        self._check_may_see_samples()
        return {
            "type": "ir.actions.client",
            "tag": "integration_monitor.event_sample",
            "params": {"event_type_id": self.id, "name": self.name},
        }

    def action_view_sent(self):
        """Open the deliveries of this type."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries of “%(name)s”", name=self.name),
            "res_model": "integration.delivery",
            "domain": [("event_type_id", "=", self.id)],
            "views": [(False, "list"), (False, "form")],
        }
