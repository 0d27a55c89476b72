"""Record filters: Odoo domains that people enter, parsed without evaluating code.

Domains are literals. A manager of the monitor is not a system administrator, and
an evaluated expression would let him run methods as superuser. Relative dates need
no expression: Odoo understands "today", "-7d" and the like inside a domain.
"""

import ast

from odoo.exceptions import ValidationError
from odoo.fields import Domain


def parse_domain(text, model):
    """Return the Domain written in `text` (empty: everything), checked against `model`.

    :raise ValidationError: with a sentence for the person who entered it
    """
    if not (text or "").strip():
        return Domain.TRUE
    try:
        domain = Domain(ast.literal_eval(text))
        domain.validate(model)
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError) as error:
        raise ValidationError(
            model.env._(
                "The filter %(filter)s is not valid for %(model)s. Expected a list of conditions "
                "with fixed values, for example [('active', '=', True)].",
                filter=text,
                model=model._description,
            )
        ) from error
    return domain
