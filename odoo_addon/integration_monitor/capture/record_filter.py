"""Record filters: Odoo domains that people enter, parsed without evaluating code.

Domains are literals. A manager of the monitor is not a system administrator, and
an evaluated expression would let him run methods as superuser. Relative dates need
no expression: Odoo understands "today", "-7d" and the like inside a domain.
"""

import ast

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


def read_domain(text):
    """Return the Domain written in `text` (empty: everything), as it stands.

    It is not held against a model: that runs the search methods of its fields, and those may refuse or fail.

    :raise Exception: of any kind where `text` is no domain, or one with wrong parts
    """
    return Domain(ast.literal_eval(text)) if (text or "").strip() else Domain.TRUE


def check_domain(text, model):
    """Make sure that `text` is a domain for `model`.

    :raise ValidationError: with a sentence for the person who entered it
    :raise UserError: of a field that cannot be searched that way, with its own sentence
    """
    try:
        read_domain(text).validate(model)
    except (UserError, psycopg2.Error):
        raise
    except Exception as error:  # noqa: BLE001 whatever a field's search method cannot cope with
        raise ValidationError(
            model.env._(
                "The filter %(filter)s is not valid for %(model)s. Expected a list of conditions "
                "with fixed values, for example [('active', '=', True)].",
                filter=text,
                model=model._description,
            )
        ) from error
