"""Each event type keeps one automation rule with one server action in step.

So Odoo's own triggers decide when an event happens, and nobody writes code.
"""

from odoo import Command, api, models


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    @api.model_create_multi
    def create(self, vals_list):
        event_types = super().create(vals_list)
        event_types._update_automations()
        return event_types

    def write(self, vals):
        result = super().write(vals)
        if self._automation_fields() & set(vals):
            self._update_automations()
        return result

    def unlink(self):
        automations = self.sudo().automation_id
        result = super().unlink()
        automations.unlink()
        return result

    @api.model
    def _automation_fields(self):
        return {
            "name",
            "active",
            "model_id",
            "trigger",
            "trigger_field_ids",
            "filter_pre_domain",
            "filter_domain",
        }

    def _update_automations(self):
        """Create or correct the automation rule of each event type.

        Rules are for system administrators only in Odoo. A manager of the monitor may
        configure event types all the same, because what he can enter is limited to
        literal domains and field lists: hence sudo, and hence no expressions in domains.
        """
        for event_type in self.sudo().with_context(active_test=False):
            vals = event_type._prepare_automation_vals()
            rule = event_type.automation_id
            if not rule:
                event_type.automation_id = self.env["base.automation"].sudo().create(vals)
                event_type._create_action()
            elif rule.model_id != event_type.model_id:
                rule.action_server_ids.unlink()
                rule.write(vals)
                event_type._create_action()
            else:
                rule.write(event_type._find_changes(vals))

    def _prepare_automation_vals(self):
        return {
            "name": self.env._("Integration event: %(name)s", name=self.name),
            "active": self.active,
            "model_id": self.model_id.id,
            "trigger": self.trigger,
            "trigger_field_ids": [Command.set(self.trigger_field_ids.ids)],
            "filter_pre_domain": self.filter_pre_domain,
            "filter_domain": self.filter_domain,
        }

    def _find_changes(self, vals):
        """Return what has to be written to the rule: all, unless only what decides nothing in Odoo changes.

        Odoo hooks all rules into all models anew after a write of anything else, and computes a rule's
        condition anew where its trigger is written without it.
        """
        rule = self.automation_id
        is_same = rule.active == self.active
        is_same = is_same and rule.trigger_field_ids == self.trigger_field_ids
        for name in ("trigger", "filter_pre_domain", "filter_domain"):
            is_same = is_same and rule[name] == self[name]
        return {"name": vals["name"]} if is_same else vals

    def _create_action(self):
        """Not by a command on the rule: Odoo carries those out with the rights of who clicks, sudo or not."""
        self.env["ir.actions.server"].sudo().create(
            {
                "name": self.env._("Publish integration event"),
                "usage": "base_automation",
                "state": "integration_event",
                "model_id": self.model_id.id,
                "base_automation_id": self.automation_id.id,
                "integration_event_type_id": self.id,
            }
        )
