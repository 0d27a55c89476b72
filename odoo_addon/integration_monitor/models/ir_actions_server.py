"""The server action "Publish integration event", for the catalogue's rules and people's own."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..capture.rule_token import find_rule_trigger

PLANNED_FIELDS = {"state", "integration_event_type_id", "base_automation_id"}


class IrActionsServer(models.Model):
    _name = "ir.actions.server"
    _inherit = ["ir.actions.server", "integration.capture.source"]

    state = fields.Selection(
        selection_add=[("integration_event", "Publish integration event"), ("code",)],
        ondelete={"integration_event": "cascade"},
    )
    integration_event_type_id = fields.Many2one(
        "integration.event.type",
        string="Event Type",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('model_id', '=', model_id)]",
        help="The event to record for each record. Its field list and subscriptions apply.",
    )

    @api.model
    def _changes_plan(self, vals):
        """Only actions of automation rules matter, and modules create many others."""
        # A form that a rule opened says so only in its context.
        rule_id = vals.get("base_automation_id") or self.env.context.get("default_base_automation_id")
        if rule_id or vals.get("usage") == "base_automation":
            return True
        return bool(self) and not PLANNED_FIELDS.isdisjoint(vals)

    @api.constrains("state", "integration_event_type_id", "model_id")
    def _check_integration_event_type(self):
        for action in self.filtered(lambda action: action.state == "integration_event"):
            if not action.integration_event_type_id:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” publishes an integration event: choose its event type.", name=action.name
                    )
                )
            if action.integration_event_type_id.model_id != action.model_id:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” and its event type must be about the same model.", name=action.name
                    )
                )

    def _generate_action_name(self):
        self.ensure_one()
        if self.state == "integration_event":
            return self.env._("Publish integration event")
        return super()._generate_action_name()

    def run(self):
        """Capture without core's checks when a rule runs us; anything else as core does.

        Core refuses an action on records that the user may not write, and an action
        with warnings. Both would make the business operation fail, for a row that
        says something happened which did happen.
        """
        if find_rule_trigger(self.env) and self and set(self.sudo().mapped("state")) == {"integration_event"}:
            model_name = self.env.context.get("active_model")
            if model_name in self.env:
                self._capture_events(self.env[model_name].browse(self.env.context.get("active_ids")))
            return False
        return super().run()

    def _run_action_integration_event_multi(self, eval_context=None):
        """Record the event for chosen records; core has checked that the user may write them."""
        self._capture_events(eval_context.get("records") or eval_context.get("record"))

    def _capture_events(self, records):
        for action in self.sudo():
            event_type = action.integration_event_type_id
            if records and event_type.active and event_type.model_name == records._name:
                self.env["integration.event"]._capture(
                    event_type.id, records, is_deletion=find_rule_trigger(self.env) == "on_unlink"
                )
