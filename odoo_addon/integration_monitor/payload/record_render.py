"""Payloads of many records at once, from their final values.

References to other records are collected while rendering and get their external
ids by one query at the end: the number of statements does not grow with the records.
"""

from odoo.tools import SQL

from .value_format import format_date, format_datetime, format_money, round_number


def render_records(records, tree):
    """Return {record id: payload dict} for existing records.

    :param records: recordset as superuser, without a language
    :param dict tree: from build_field_tree on the records' model
    """
    renderer = _Renderer(records.env)
    payloads = {record.id: renderer.render_document(record, tree) for record in records}
    renderer.fill_external_ids()
    return payloads


class _Renderer:
    def __init__(self, env):
        self.env = env
        self.references = {}  # (model, id) → list of dicts that want the external id

    def render_document(self, record, tree):
        company = find_company(record)
        # What differs by company, such as a product's cost, is that of the record's own company.
        record = record.with_company(company)
        payload = {
            "id": record.id,
            "name": record.display_name,
            "company": self.render_reference(company, {}) if company else None,
        }
        return payload | self.render_fields(record, tree)

    def render_fields(self, record, tree):
        return {name: self.render_value(record, name, subtree) for name, subtree in tree.items()}

    def render_value(self, record, name, subtree):
        field = record._fields[name]
        value = record[name]
        if field.type == "many2one" or field.type == "reference":
            return self.render_reference(value, subtree) if value else None
        if field.type in ("one2many", "many2many"):
            return [self.render_item(item, subtree) for item in value]
        return _render_scalar(record, field, value)

    def render_reference(self, target, subtree):
        reference = {"id": target.id, "name": target.display_name, "external_id": None}
        self.references.setdefault((target._name, target.id), []).append(reference)
        # An explicitly listed "name" means the field, not the display name. The dict is
        # changed in place, because fill_external_ids() holds on to it.
        reference.update(self.render_fields(target, subtree))
        return reference

    def render_item(self, item, subtree):
        if not subtree:
            return self.render_reference(item, {})
        return {"id": item.id} | self.render_fields(item, subtree)

    def fill_external_ids(self):
        if not self.references:
            return
        self.env["ir.model.data"].flush_model(["model", "res_id", "module", "name"])
        models, ids = zip(*self.references, strict=True)
        rows = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT ON (d.model, d.res_id) d.model, d.res_id, d.module || '.' || d.name
              FROM ir_model_data d
              JOIN unnest(%s::text[], %s::int[]) AS wanted(model, res_id)
                ON wanted.model = d.model AND wanted.res_id = d.res_id
          ORDER BY d.model, d.res_id, d.id
            """,
                list(models),
                list(ids),
            )
        )
        for model, res_id, external_id in rows:
            for reference in self.references[model, res_id]:
                reference["external_id"] = external_id


def find_company(record):
    """Return the company the record belongs to, maybe empty."""
    if record._name == "res.company":
        return record
    field = record._fields.get("company_id")
    if field is not None and field.type == "many2one" and field.comodel_name == "res.company":
        return record.company_id
    return record.env["res.company"]


def _render_scalar(record, field, value):
    if field.type == "boolean":
        return bool(value)
    if field.type == "monetary":
        currency = record[field.get_currency_field(record)]
        return format_money(value, currency.name or None, currency.decimal_places if currency else None)
    if field.type == "float":
        # 0 and False are how Odoo says "as many digits as the value has"; most unit prices are such fields.
        digits = field.get_digits(record.env)
        return round_number(value, digits[1] if digits else None)
    if field.type in ("integer", "many2one_reference"):
        return value if value or field.type == "integer" else None
    if field.type == "date":
        return format_date(value)
    if field.type == "datetime":
        return format_datetime(value)
    if field.type == "json":
        return value
    # An empty text or choice is False in Odoo, and False == 0 in Python: ask for the type first.
    return str(value) if value or (value == 0 and value is not False) else None
