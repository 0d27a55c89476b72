"""One line of an event type's field list: a path that the payload carries."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..payload.field_tree import FieldListError, build_field_tree


class IntegrationEventTypeField(models.Model):
    _name = "integration.event.type.field"
    _description = "Integration event type field"
    _inherit = "integration.capture.source"
    _order = "sequence, id"
    _rec_name = "path"

    event_type_id = fields.Many2one("integration.event.type", required=True, ondelete="cascade", index=True)
    model_name = fields.Char(related="event_type_id.model_name")
    sequence = fields.Integer(default=10, help="Position in the payload, smallest first.")
    path = fields.Char(
        string="Field",
        required=True,
        help="Technical name of the field to send. Dots lead through related records, "
        "for example invoice_line_ids.product_id.",
    )

    _path_unique = models.Constraint(
        "UNIQUE(event_type_id, path)", "This field is in the event type's list already."
    )

    @api.constrains("path", "event_type_id")
    def _check_path(self):
        for line in self:
            model = self.env.get(line.event_type_id.sudo().model_name)
            if model is None:
                continue
            try:
                build_field_tree(model, [line.path])
            except FieldListError as error:
                raise ValidationError(str(error)) from error
            if refusal := self.env["integration.event.type"]._find_closed_model(model, line.path):
                raise ValidationError(refusal)
