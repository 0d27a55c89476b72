"""The catalogue: which business changes become events, and what such an event carries."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class IntegrationEventType(models.Model):
    _name = "integration.event.type"
    _description = "Integration event type"
    _inherit = "integration.capture.source"
    _order = "technical_name"

    name = fields.Char(required=True, translate=True, help="What people call this event.")
    technical_name = fields.Char(
        required=True,
        copy=False,
        help="What receivers call this event, for example odoo.account.invoice.posted.v1. "
        "Change the version at its end when the payload changes incompatibly.",
    )
    description = fields.Text(translate=True, help="When the event happens, in words for receivers.")
    active = fields.Boolean(default=True, help="Archived event types record no further events.")
    model_id = fields.Many2one(
        "ir.model",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("abstract", "=", False), ("transient", "=", False)],
        help="The kind of business record the event is about.",
    )
    model_name = fields.Char(related="model_id.model", store=True, string="Model Name")
    business_domain = fields.Selection(
        [
            ("finance", "Finance"),
            ("procurement", "Procurement"),
            ("inventory", "Inventory"),
            ("sales", "Sales"),
            ("master_data", "Master data"),
        ],
        required=True,
        default="master_data",
        help="Whose business it is: the staff of this domain sees and retries the deliveries.",
    )
    trigger = fields.Selection(
        [
            ("on_create", "Record is created"),
            ("on_write", "Record is changed"),
            ("on_create_or_write", "Record is created or changed"),
            ("on_unlink", "Record is deleted"),
        ],
        required=True,
        default="on_create_or_write",
        help="What makes the event happen.",
    )
    trigger_field_ids = fields.Many2many(
        "ir.model.fields",
        "integration_event_type_trigger_field_rel",
        "event_type_id",
        "field_id",
        string="Watched Fields",
        domain="[('model_id', '=', model_id)]",
        help="A change counts only if one of these fields changes. Empty: every change counts.",
    )
    filter_pre_domain = fields.Char(
        string="Before Change", help="The record must match this before the change. Not checked on creation."
    )
    filter_domain = fields.Char(string="After Change", help="The record must match this after the change.")
    field_ids = fields.One2many(
        "integration.event.type.field",
        "event_type_id",
        string="Fields",
        copy=True,
        help="What the payload carries. Identifier, name and company are always sent.",
    )
    owner_id = fields.Many2one(
        "res.users",
        ondelete="set null",
        default=lambda self: self.env.user,
        help="Who answers questions about this event type.",
    )
    automation_id = fields.Many2one(
        "base.automation",
        ondelete="set null",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The automation rule that this event type maintains.",
    )
    subscription_ids = fields.One2many("integration.subscription", "event_type_id", string="Subscriptions")

    _technical_name_unique = models.Constraint(
        "UNIQUE(technical_name)", "Another event type has this technical name; it must be unique."
    )

    @api.model
    def _business_groups(self):
        """Return {business domain: xml id of the group whose staff sees and retries its deliveries}."""
        return {"master_data": "base.group_partner_manager"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_events(self):
        used = (
            self.env["integration.event"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("event_type_id", "in", self.ids)], ["event_type_id"])
        )
        if used:
            raise UserError(
                self.env._(
                    "%(names)s has recorded events, which must keep their type. Archive it instead: "
                    "then no further events are recorded.",
                    names=", ".join(event_type.name for [event_type] in used),
                )
            )

    @api.model
    def _find_of_modules(self, module_names):
        """Return the event types that go when these modules go: theirs, and those about their models."""
        event_types = self.sudo().with_context(active_test=False).search([])
        if self._original_module in module_names:
            return event_types
        owned = (
            self.env["ir.model.data"]
            .sudo()
            .search([("model", "=", self._name), ("module", "in", list(module_names))])
        )
        owned_ids = set(owned.mapped("res_id"))
        return event_types.filtered(
            lambda event_type: (
                event_type.id in owned_ids
                or event_type.model_name in self.env
                and self.env[event_type.model_name]._original_module in module_names
            )
        )

    def _unlink_with_history(self):
        """Delete event types with all their events and deliveries, as uninstalling deletes all data."""
        self.env.flush_all()
        for table in ("integration_delivery", "integration_event"):
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE event_type_id = ANY(%s)", SQL.identifier(table), self.ids)
            )
        self.env.invalidate_all()
        self.unlink()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for event_type, vals in zip(self, vals_list, strict=True):
            vals.setdefault("technical_name", event_type._next_technical_name())
        return vals_list

    def _next_technical_name(self):
        taken = set(self.with_context(active_test=False).search([]).mapped("technical_name"))
        name = f"{self.technical_name}_copy"
        while name in taken:
            name += "_copy"
        return name
