"""Values, fields and comparisons in words, in the reader's language and locale."""

from collections.abc import Collection

from odoo.exceptions import AccessError
from odoo.fields import Date, Datetime, Domain
from odoo.tools import format_amount, format_date, format_datetime, formatLang

TEXT_CHARS_MAX = 80
NAMES_MAX = 5


def resolve_path(model, path):
    """Return (fields of the path, whether the reader may see them all): his rights on models and fields.

    :param model: an empty recordset with the reader's rights
    """
    fields = []
    for name in path.split("."):
        field = model._fields.get(name) if model is not None else None
        if field is None:
            return fields, False
        fields.append(field)
        if not model.has_access("read") or not model._has_field_access(field, "read"):
            return fields, False
        model = model.env[field.comodel_name] if field.relational else None
    return fields, True


def read_path(record, path):
    """Return the values at the end of the path, read with the reader's rights: a list of records' values.

    The cache knows no rights, so they are asked for at each step.

    :return: list of (record, field)
    :raise AccessError: when one of the records on the way is not for the reader
    """
    records = record
    names = path.split(".")
    for index, name in enumerate(names):
        records.check_access("read")
        field = records._fields[name]
        if not records._has_field_access(field, "read"):
            raise AccessError(field.name)
        if index == len(names) - 1:
            return [(item, field) for item in records]
        records = records[name]
    return []


def describe_path(env, fields, path):
    """Return the field's name as forms show it, with what leads there: "Customer › Country"."""
    labels = [field._description_string(env) for field in fields]
    return " › ".join(labels) or path


def describe_found(record, path):
    """Return what the record has at the path, in words."""
    env = record.env
    values = [describe_value(env, item, field, item[field.name]) for item, field in read_path(record, path)]
    return _join(env, values)


def describe_value(env, record, field, value):
    """Return one value of a field in words; empty ones too."""
    if field.type == "boolean":
        return env._("yes") if value else env._("no")
    if field.relational:
        return _join(env, _display_names(value))
    if value is None or value is False or value == "":
        return env._("empty")
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, str(value))
    if field.type == "monetary":
        currency = record[field.get_currency_field(record)] if record else None
        return format_amount(env, value, currency) if currency else formatLang(env, value)
    if field.type == "float":
        return formatLang(env, value, digits=(field.get_digits(env) or (16, 2))[1])
    if field.type == "integer":
        return str(value)
    if field.type == "date":
        return format_date(env, value)
    if field.type == "datetime":
        return format_datetime(env, value)
    text = str(value)
    return f"{text[:TEXT_CHARS_MAX]}…" if len(text) > TEXT_CHARS_MAX else text


def _display_names(records):
    try:
        records.check_access("read")
    except AccessError:
        return [records.env._("not for you to see")]
    names = [name or "" for name in records[:NAMES_MAX].mapped("display_name")]
    return [*names, "…"] if len(records) > NAMES_MAX else names


def _join(env, values):
    return ", ".join(value for value in values if value) or env._("empty")


def describe_recorded(env, fields, path, payload):
    """Return what the payload says at the path, in words; None where it does not say it, or not plainly.

    Of other records it says nothing: the reader may be allowed to see today's and not that of before.

    :param dict payload: the data of an event, see payload/record_render.py
    """
    value = payload
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    field = fields[-1]
    if value is None:
        return env._("empty")
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, str(value))
    return value if field.type in ("char", "text") and isinstance(value, str) else None


def describe_wanted(env, field, operator, value):
    """Return what a condition asks of its field: "is Posted", "is one of …"."""
    if operator in ("=", "!=") and value is False and field.type != "boolean":
        return env._("is empty") if operator == "=" else env._("is not empty")
    words = {
        "=": env._("is %(value)s"),
        "!=": env._("is not %(value)s"),
        "in": env._("is one of: %(value)s"),
        "not in": env._("is none of: %(value)s"),
        ">": env._("is more than %(value)s"),
        ">=": env._("is at least %(value)s"),
        "<": env._("is less than %(value)s"),
        "<=": env._("is at most %(value)s"),
        "like": env._("contains %(value)s"),
        "ilike": env._("contains %(value)s"),
        "not like": env._("does not contain %(value)s"),
        "not ilike": env._("does not contain %(value)s"),
        "=like": env._("looks like %(value)s"),
        "=ilike": env._("looks like %(value)s"),
        "child_of": env._("is %(value)s, or below it"),
        "parent_of": env._("is %(value)s, or above it"),
        "any": env._("has one with %(value)s"),
        "not any": env._("has none with %(value)s"),
    }
    asked = _describe_asked(env, field, value)
    return words[operator] % {"value": asked} if operator in words else f"{operator} {asked}"


def _describe_asked(env, field, value):
    if isinstance(value, Domain):
        return str(list(value))
    if isinstance(value, Collection) and not isinstance(value, str):
        return ", ".join(_describe_asked(env, field, item) for item in value) or env._("nothing")
    if field.relational and isinstance(value, int) and not isinstance(value, bool):
        record = env[field.comodel_name].browse(value).exists()
        return _join(env, _display_names(record)) if record else str(value)
    if field.relational or field.type == "integer" or value is False and field.type != "boolean":
        return str(value) if value else env._("empty")
    if field.type == "monetary":
        return formatLang(env, value) if isinstance(value, (int, float)) else str(value)
    if field.type in ("date", "datetime") and isinstance(value, str):
        return _describe_asked_time(env, field, value)
    return describe_value(env, None, field, value)


def _describe_asked_time(env, field, value):
    try:
        if field.type == "date":
            return format_date(env, Date.to_date(value))
        return format_datetime(env, Datetime.to_datetime(value))
    except ValueError:
        return value  # relative, such as "-7d"
