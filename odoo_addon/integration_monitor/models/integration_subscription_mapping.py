"""The mapping of a subscription: a JSONata expression that makes the data to send out of an event.

Odoo keeps it and hands it out; it cannot evaluate JSONata. The editor in the browser tries it on a document
while one types, and the sidecar applies it to every attempt, both with the same program.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# As the sidecar has it (mappingLimits); an expression of this length is a program, not a mapping.
MAPPING_CHARS_MAX = 20_000


class IntegrationSubscription(models.Model):
    _inherit = "integration.subscription"

    mapping = fields.Text(
        help="JSONata expression over the whole event; its result is sent as the event's data. "
        "Empty: the data is sent as it is."
    )

    is_mapped = fields.Boolean(
        "Mapped", compute="_compute_is_mapped", help="The data is reshaped by a mapping."
    )

    @api.depends("mapping")
    def _compute_is_mapped(self):
        for subscription in self:
            subscription.is_mapped = bool(subscription.mapping)

    @api.constrains("mapping")
    def _check_mapping(self):
        for subscription in self:
            length = len(subscription.mapping or "")
            if length > MAPPING_CHARS_MAX:
                raise ValidationError(
                    self.env._(
                        "IM_MAPPING_TOO_LONG: a mapping has at most %(limit)s characters, this one has "
                        "%(length)s. Shorten it, or leave fields out in the event type.",
                        limit=MAPPING_CHARS_MAX,
                        length=length,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_drop_blank_mapping(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_drop_blank_mapping(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mapping_in_use(self):
        """Keep the mapping of deliveries that wait or may be sent again: without it they would tell more."""
        for subscription in self.filtered("mapping"):
            deliveries = self.env["integration.delivery"].sudo()
            if deliveries.search_count([("subscription_id", "=", subscription.id)], limit=1):
                raise UserError(
                    self.env._(
                        "IM_MAPPING_IN_USE: deliveries of “%(event_type)s” to %(endpoint)s may still be "
                        "sent, and without this subscription they would be sent without its mapping. Archive "
                        "it instead: then no further events are sent.",
                        event_type=subscription.event_type_id.sudo().name,
                        endpoint=subscription.endpoint_id.name,
                    )
                )

    @api.model
    def _export_mappings(self, rows):
        """Return ``{key: expression}`` for claimed rows that have a ``mapping_id``, each once."""
        ids = {row["mapping_id"] for row in rows if row["mapping_id"]}
        return {str(subscription.id): subscription.mapping for subscription in self.sudo().browse(ids)}


def _drop_blank_mapping(vals):
    mapping = vals.get("mapping")
    return {**vals, "mapping": False} if mapping and not mapping.strip() else vals
