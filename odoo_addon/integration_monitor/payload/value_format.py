"""How single values look in a payload. Pure functions over plain values.

Money is a decimal string: a JSON number would lose cents in receivers that read
numbers as binary floats. Datetimes carry an offset (RFC 3339): Odoo stores UTC.
"""

from odoo.tools.float_utils import float_repr, float_round

MONEY_DIGITS_WITHOUT_CURRENCY = 2


def format_money(amount, currency_name, decimal_places):
    """Return {"amount": "1234.50", "currency": "USD"}; `currency_name` may be None."""
    digits = MONEY_DIGITS_WITHOUT_CURRENCY if decimal_places is None else decimal_places
    rounded = float_round(amount or 0.0, precision_digits=digits)
    return {"amount": float_repr(rounded, digits), "currency": currency_name}


def round_number(value, digits):
    """Return the float rounded to `digits` decimals, or untouched when None."""
    return value if digits is None else float_round(value, precision_digits=digits)


def format_date(value):
    return value.isoformat() if value else None


def format_datetime(value):
    """Return a naive UTC datetime as RFC 3339 with offset, to the second: 2026-11-20T08:31:54+00:00."""
    return f"{value:%Y-%m-%dT%H:%M:%S}+00:00" if value else None


def format_instant(value):
    """Return a naive UTC datetime as ISO 8601 UTC with milliseconds: 2026-11-20T08:31:54.123Z."""
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z" if value else None
