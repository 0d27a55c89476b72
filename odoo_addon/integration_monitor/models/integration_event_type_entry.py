"""The trigger most people mean: "when its status becomes …", as one choice in place of four fields.

Nothing of it is stored. It is read from the conditions and written into them, so an event type that was made
by hand shows it too, and what it does can always be seen below it.
"""

import ast

from odoo import api, fields, models
from odoo.fields import Domain

MANY = {"=": False, "in": True}
OPPOSITE = {"=": "!=", "in": "not in"}


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    entered_field_id = fields.Many2one(
        "ir.model.fields",
        string="When This Changes",
        compute="_compute_entry",
        readonly=False,
        help="For example the status of the document. Fills in trigger, watched field and both conditions.",
    )
    entered_value_ids = fields.Many2many(
        "ir.model.fields.selection",
        string="To",
        compute="_compute_entry",
        readonly=False,
        help="The event happens when the document gets one of these values, and had none of them before.",
    )

    @api.depends("model_id", "trigger", "trigger_field_ids", "filter_pre_domain", "filter_domain")
    def _compute_entry(self):
        for event_type in self:
            name, values = event_type._find_entry()
            field = self.env["ir.model.fields"]._get(event_type.model_name, name) if name else False
            event_type.entered_field_id = field
            event_type.entered_value_ids = event_type._find_choices(field, values)

    @api.model
    def _find_choices(self, field, values):
        # sudo: which choices a field has is no secret to who may read event types
        choices = self.env["ir.model.fields.selection"].sudo()
        if field:
            choices = field.sudo().selection_ids.filtered(lambda choice: choice.value in values)
        return choices.sudo(False)

    @api.onchange("entered_field_id", "entered_value_ids")
    def _onchange_entry(self):
        if not self.entered_field_id:
            return
        field = self.entered_field_id
        values = self.entered_value_ids.filtered(lambda choice: choice.field_id._origin == field._origin)
        if values != self.entered_value_ids:
            self.entered_value_ids = values
        if not values:
            return
        former, _values = self._find_entry()
        names = {former, field.name}
        after, before = self._build_entry(field.name, values.mapped("value"))
        self.update(
            {
                "trigger": "on_create_or_write",
                "trigger_field_ids": [(6, 0, field._origin.ids)],
                "filter_domain": _replace_conditions(self.filter_domain, names, after),
                "filter_pre_domain": _replace_conditions(self.filter_pre_domain, names, before),
            }
        )

    @api.model
    def _build_entry(self, name, values):
        """Return the condition after the change and the one before it."""
        operator, value = ("=", values[0]) if len(values) == 1 else ("in", values)
        return (name, operator, value), (name, OPPOSITE[operator], value)

    def _find_entry(self):
        """Return (field name, values) when the conditions say "gets one of these values", else (None, [])."""
        nothing = (None, [])
        if self.trigger not in ("on_create_or_write", "on_write") or len(self.trigger_field_ids) != 1:
            return nothing
        watched = self.trigger_field_ids
        before, after = _read_conditions(self.filter_pre_domain), _read_conditions(self.filter_domain)
        if watched.ttype != "selection" or before is None or after is None:
            return nothing
        for name, operator, value in after:
            if name == watched.name and operator in MANY and (name, OPPOSITE[operator], value) in before:
                return name, list(value) if MANY[operator] else [value]
        return nothing


def _read_conditions(text):
    """The conditions of a domain that is a plain list of them, as tuples; None for any other."""
    try:
        domain = ast.literal_eval(text) if (text or "").strip() else []
    except (ValueError, SyntaxError):
        return None
    is_plain = isinstance(domain, list) and all(
        isinstance(condition, list | tuple) and len(condition) == 3 for condition in domain
    )
    return [tuple(condition) for condition in domain] if is_plain else None


def _replace_conditions(text, names, condition):
    """The domain with this condition in place of those on these fields; what else it says stays."""
    conditions = _read_conditions(text)
    if conditions is None:
        return repr(list(Domain(ast.literal_eval(text)) & Domain([condition])))
    return repr([condition, *(other for other in conditions if other[0] not in names)])
