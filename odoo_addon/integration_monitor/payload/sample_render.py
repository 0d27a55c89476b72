"""Payloads for somebody who writes a mapping: of a real record as far as he may read it, or made up."""

from odoo.exceptions import AccessError

from .record_render import _Renderer
from .value_format import format_date, format_datetime, format_money

EXAMPLE_ID = 42
EXAMPLE_LINE_COUNT = 2


def render_sample(record, tree):
    """Return ``(payload, paths that were left empty because the user may not read them)``.

    :param record: one record in the environment of the user, whose rights decide
    :param dict tree: from build_field_tree on the record's model
    :raise AccessError: the record itself must not be read
    """
    record.check_access("read")
    renderer = _SampleRenderer(record.env)
    payload = renderer.render_document(record, tree)
    renderer.fill_external_ids()
    return payload, sorted(renderer.hidden)


class _SampleRenderer(_Renderer):
    """As for real events, but without superuser: what the user may not read stays empty."""

    def __init__(self, env):
        super().__init__(env)
        self.hidden = set()

    def render_value(self, record, name, subtree):
        try:
            field = record._fields[name]
            if field.type in ("one2many", "many2many"):
                items = record[name]
                readable = items._filtered_access("read")
                if readable != items:
                    self.hidden.add(name)
                return [self.render_item(item, subtree) for item in readable]
            return super().render_value(record, name, subtree)
        except AccessError:
            self.hidden.add(name)
            return None

    def render_reference(self, target, subtree):
        target.check_access("read")
        return super().render_reference(target, subtree)


def make_up_payload(model, tree):
    """Return a payload of the right shape with made-up values, for whoever may see no record.

    :param model: an empty recordset; only its fields are looked at
    """
    return {
        "id": EXAMPLE_ID,
        "name": model._description,
        "company": _make_up_reference(model.env["res.company"], {}),
        **_make_up_fields(model, tree),
    }


def _make_up_fields(model, tree):
    return {name: _make_up_value(model, model._fields[name], subtree) for name, subtree in tree.items()}


def _make_up_reference(model, tree):
    return {"id": 7, "name": model._description, "external_id": None, **_make_up_fields(model, tree)}


def _make_up_value(model, field, subtree):
    if field.type == "many2one":
        return _make_up_reference(model.env[field.comodel_name], subtree)
    if field.type == "reference":
        return {"id": 7, "name": field._description_string(model.env), "external_id": None}
    if field.type in ("one2many", "many2many"):
        comodel = model.env[field.comodel_name]
        item = _make_up_fields(comodel, subtree) or _make_up_reference(comodel, {})
        return [{**item, "id": number} for number in range(1, EXAMPLE_LINE_COUNT + 1)]
    return _make_up_scalar(model, field)


def _make_up_scalar(model, field):
    now = model.env.cr.now()
    match field.type:
        case "boolean":
            return True
        case "monetary":
            currency = model.env.company.currency_id
            return format_money(1234.5, currency.name, currency.decimal_places)
        case "float":
            return 2.5
        case "integer" | "many2one_reference":
            return 3
        case "date":
            return format_date(now.date())
        case "datetime":
            return format_datetime(now)
        case "json":
            return {}
        case "selection":
            return next(iter(field.get_values(model.env)), None)
    return field._description_string(model.env)
