"""The shape of a payload as JSON Schema (draft 2020-12), for receivers that check it or generate code."""

REFERENCE = {
    "id": {"type": "integer"},
    "name": {"type": "string"},
    "external_id": {"type": ["string", "null"]},
}
MONEY = {
    "type": "object",
    "properties": {
        # A decimal string: a JSON number would lose cents in receivers that read binary floats.
        "amount": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
        "currency": {"type": ["string", "null"]},
    },
    "required": ["amount", "currency"],
}
SCALARS = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "many2one_reference": {"type": ["integer", "null"]},
    "float": {"type": "number"},
    "monetary": MONEY,
    "date": {"type": ["string", "null"], "format": "date"},
    "datetime": {"type": ["string", "null"], "format": "date-time"},
    "json": {},
}


def describe_payload(model, tree, title, description):
    """Return the schema of the ``data`` part of an event.

    :param model: an empty recordset without a language
    :param dict tree: from build_field_tree on the model
    """
    company = _or_null(_describe_object(REFERENCE))
    properties = {**REFERENCE, "company": company, **_describe_fields(model, tree)}
    del properties["external_id"]
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    if description:
        schema["description"] = description
    return schema | _describe_object(properties)


def _describe_fields(model, tree):
    return {name: _describe_field(model, name, subtree) for name, subtree in tree.items()}


def _describe_field(model, name, subtree):
    field = model._fields[name]
    return {"title": field._description_string(model.env), **_describe_value(model, field, subtree)}


def _describe_value(model, field, subtree):
    if field.relational:
        target = model.env[field.comodel_name]
        parts = _describe_fields(target, subtree)
        if field.type == "many2one":
            return _or_null(_describe_object({**REFERENCE, **parts}))
        item = {"id": REFERENCE["id"], **parts} if subtree else REFERENCE
        return {"type": "array", "items": _describe_object(item)}
    if field.type == "reference":
        return _or_null(_describe_object(REFERENCE))
    if field.type == "selection":
        # No enumeration: modules add choices, and a new choice must not make a receiver refuse.
        return {"type": ["string", "null"], "examples": field.get_values(model.env)}
    return SCALARS.get(field.type, {"type": ["string", "null"]})


def _describe_object(properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


def _or_null(schema):
    return {**schema, "type": [schema["type"], "null"]}
