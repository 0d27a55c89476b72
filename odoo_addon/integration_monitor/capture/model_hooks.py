"""Hooks around the methods that create, change and delete the records of a model.

Core puts hooks on a model's class and takes them all off again whenever a rule changes. Ours stay: a save
in another thread must not fall into the gap. They stand below core's, which may come and go.
"""

from odoo import api

from .watch import begin_changes, capture_all, capture_changes, find_rules


def make_create():
    @api.model_create_multi
    def create(self, vals_list, **kw):
        records = create.origin(self, vals_list, **kw)
        self.env["integration.event"]._remember_created(records)
        capture_all(records.filtered("id"), find_rules(self, "create", None))
        return records

    return create


def make_write():
    def write(self, vals, **kw):
        rules = find_rules(self, "write", vals.keys())
        if not rules:
            return write.origin(self, vals, **kw)
        changes = begin_changes(self.filtered("id"), rules, vals.keys())
        result = write.origin(self, vals, **kw)
        capture_changes(changes)
        return result

    return write


def make_compute_field_value():
    def _compute_field_value(self, field):
        computed = self.pool.field_computed[field]
        names = {other.name for other in computed if other.store}
        rules = find_rules(self, "write", names) if names else ()
        if not rules:
            return _compute_field_value.origin(self, field)
        changes = begin_changes(self.filtered("id"), rules, names, computed)
        result = _compute_field_value.origin(self, field)
        capture_changes(changes)
        return result

    return _compute_field_value


def make_unlink():
    def unlink(self, **kwargs):
        capture_all(self.filtered("id"), find_rules(self, "unlink", None), is_deletion=True)
        return unlink.origin(self, **kwargs)

    return unlink


MAKERS = {
    "create": make_create,
    "write": make_write,
    "_compute_field_value": make_compute_field_value,
    "unlink": make_unlink,
}


def watch_model(model_class, hook_names):
    """Put our hooks on a model's class, below those of core. Those that are there stay.

    Each step is one assignment: whoever saves in another thread meets either chain.
    """
    for name in hook_names:
        if _find_hook(model_class, name) is not None:
            continue
        hook = MAKERS[name]()
        hook.hooked_class = model_class
        top = vars(model_class).get(name)
        if top is None or not hasattr(top, "origin"):
            hook.origin = getattr(model_class, name)
            setattr(model_class, name, hook)
        else:
            hook.origin = top.origin
            top.origin = hook


def uncover_model(model_class, names):
    """Take everybody else's hooks off these methods of a model's class."""
    for name in names:
        hook = _find_hook(model_class, name)
        if hook is not None:
            setattr(model_class, name, hook)
        elif name in vars(model_class):
            delattr(model_class, name)


def _find_hook(model_class, name):
    """Return our hook on this very class; below it may be those of a class it inherits."""
    method = vars(model_class).get(name)
    while method is not None and getattr(method, "hooked_class", None) is not model_class:
        method = getattr(method, "__dict__", {}).get("origin")
    return method
