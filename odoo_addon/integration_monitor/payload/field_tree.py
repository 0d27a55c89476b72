"""The field list of an event type, checked and joined into a tree.

``["name", "partner_id.vat", "line_ids.qty"]`` becomes
``{"name": {}, "partner_id": {"vat": {}}, "line_ids": {"qty": {}}}``.

The same check runs when somebody configures the list and again when a payload is
made, because a field may vanish, or become restricted, with a module in between.
"""

UNSENDABLE_TYPES = {"binary", "image", "properties", "properties_definition"}


class FieldListError(Exception):
    """A field list that cannot be rendered; the text is a sentence for an administrator."""


def build_field_tree(model, paths):
    """Return the tree of `paths` on `model`, in the order of the paths.

    :param model: an empty recordset of the event's model
    :raise FieldListError: for a field that is missing, restricted or unsendable
    """
    tree = {}
    for path in paths:
        _add_path(tree, model, path)
    return tree


def _add_path(tree, model, path):
    node, current = tree, model
    names = path.split(".")
    for position, name in enumerate(names):
        if current is None:
            raise FieldListError(
                model.env._(
                    "“%(path)s” leads through “%(name)s”, which is not a link to another record. "
                    "End the path there.",
                    path=path,
                    name=names[position - 1],
                )
            )
        current = _check_field(model, current, name, path)
        node = node.setdefault(name, {})


def _check_field(model, current, name, path):
    """Return the empty recordset that the field leads to, or None where the path must end."""
    field = current._fields.get(name)
    if field is None:
        raise FieldListError(
            model.env._(
                "“%(path)s” does not exist on %(model)s: there is no field “%(name)s”. "
                "Remove it from the field list or correct its name.",
                path=path,
                model=model._description,
                name=name,
            )
        )
    if field.groups:
        raise FieldListError(
            model.env._(
                "“%(path)s” is visible to chosen groups only and cannot be sent: receivers would see "
                "what colleagues may not. Remove it from the field list.",
                path=path,
            )
        )
    if field.type in UNSENDABLE_TYPES:
        raise FieldListError(
            model.env._(
                "“%(path)s” is of the type “%(type)s”, which cannot be sent. Remove it from the field list.",
                path=path,
                type=field.type,
            )
        )
    return model.env.get(field.comodel_name) if field.relational else None
