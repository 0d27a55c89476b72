"""The fields that an event type may carry, as a tree to choose from, each with the value of a real record."""

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError

from ..payload.field_tree import FieldListError, build_field_tree
from ..payload.value_format import format_date, format_datetime

TEXT_MAX = 60
# What no receiver ever asked for.
LEFT_OUT_PREFIXES = ("message_", "activity_", "website_message_", "my_activity_", "integration_")
LEFT_OUT_TYPES = {"properties", "properties_definition"}


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    def get_field_choices(self, path=""):
        """Return the fields behind ``path`` that can be chosen, by label.

        :param str path: leads to a linked record, for example ``partner_id``; empty for the document itself
        :return: record_name (whose values are shown, False for none) and fields: path, label, name, type,
            is_link, refusal (why it cannot be sent, a sentence or False), sample (a short text)
        :raise AccessError: outside ``group_manager``
        """
        self.ensure_one()
        self.check_access("write")
        model = self.env[self.model_name]
        record, _why = self._choose_sample_record(model)
        target, sample = self._follow_path(model, record, path)
        fields = [
            self._describe_choice(model, f"{path}.{name}" if path else name, target._fields[name], sample)
            for name in target._fields
            if not name.startswith(LEFT_OUT_PREFIXES) and target._fields[name].type not in LEFT_OUT_TYPES
        ]
        return {
            "record_name": record.display_name if record else False,
            "fields": sorted(fields, key=lambda row: (row["label"].lower(), row["name"])),
        }

    def choose_fields(self, paths):
        """Let events of this type carry exactly these fields; those that were there keep their place.

        :param list paths: as in ``integration.event.type.field``
        """
        self.ensure_one()
        self.check_access("write")
        lines = self.field_ids
        known = set(lines.mapped("path"))
        position = max(lines.mapped("sequence"), default=0)
        added = [path for path in dict.fromkeys(paths) if path not in known]
        self.field_ids = [
            *(Command.delete(line.id) for line in lines if line.path not in paths),
            *(
                Command.create({"path": path, "sequence": position + 10 * number})
                for number, path in enumerate(added, 1)
            ),
        ]
        return True

    @api.model
    def _follow_path(self, model, record, path):
        """Return (empty recordset, record with the values) at the end of the path."""
        for name in path.split(".") if path else []:
            field = model._fields.get(name)
            if field is None or not field.relational:
                raise UserError(self.env._("“%(path)s” does not lead to another record.", path=path))
            try:
                record = record[name][:1]
            except AccessError:
                record = self.env[field.comodel_name]
            model = self.env[field.comodel_name]
        return model, record

    def _describe_choice(self, model, path, field, record):
        try:
            build_field_tree(model, [path])
            refusal = self._find_closed_model(model, path)
        except FieldListError as error:
            refusal = str(error)
        return {
            "path": path,
            "label": field._description_string(self.env),
            "name": field.name,
            "type": field.type,
            "is_link": bool(field.relational),
            "refusal": refusal,
            "sample": "" if refusal else _phrase_value(record, field),
        }

    @api.model
    def _find_closed_model(self, model, path):
        """Why the fields behind this path cannot be sent: a sentence, False if they can."""
        for name in path.split(".")[:-1]:
            model = self.env[model._fields[name].comodel_name]
            if not self._is_for_people(model._name):
                return self.env._(
                    "“%(path)s” leads through “%(model)s”, which is for system administrators only.",
                    path=path,
                    model=model._description,
                )
        return False


def _phrase_value(record, field):
    """The value in one short line; empty where there is none, or the person may not see it."""
    # Values that are not stored may cost anything to compute, and nobody asked for all of them.
    if not record or not (field.store or field.related or field.name == "display_name"):
        return ""
    try:
        value = record[field.name]
        if field.type in ("one2many", "many2many"):
            return ", ".join(value[:3].mapped("display_name"))[:TEXT_MAX]
        if field.relational or field.type == "reference":
            return (value.display_name or "")[:TEXT_MAX] if value else ""
    except AccessError:
        return ""
    if field.type == "date":
        return format_date(value) or ""
    if field.type == "datetime":
        return format_datetime(value) or ""
    if value is False and field.type != "boolean":
        return ""
    return str(value)[:TEXT_MAX]
