"""How single values look in a payload. Pure functions over plain values.

Money is a decimal string: a JSON number would lose cents in receivers that read
numbers as binary floats. Datetimes carry an offset (RFC 3339): Odoo stores UTC.
"""

from decimal import ROUND_HALF_UP, Decimal

MONEY_DIGITS_WITHOUT_CURRENCY = 2


def format_money(amount, currency_name, decimal_places):
    """Return {"amount": "1234.50", "currency": "USD"}; `currency_name` may be None."""
    digits = MONEY_DIGITS_WITHOUT_CURRENCY if decimal_places is None else decimal_places
    return {"amount": str(_round_half_up(amount or 0.0, digits)), "currency": currency_name}


def round_number(value, digits):
    """Return the float rounded to `digits` decimals, or untouched when None."""
    return value if digits is None else float(_round_half_up(value, digits))


def _round_half_up(value, digits):
    """Round the float's shortest decimal, which is what PostgreSQL holds for it.

    Not Odoo's float_round: it corrects in binary, which shows in very large amounts.
    """
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded  # no "-0.00"


def format_date(value):
    return value.isoformat() if value else None


def format_datetime(value):
    """Return a naive UTC datetime as RFC 3339 with offset, to the second: 2026-11-20T08:31:54+00:00."""
    return f"{value:%Y-%m-%dT%H:%M:%S}+00:00" if value else None


def format_instant(value):
    """Return a naive UTC datetime as ISO 8601 UTC with milliseconds: 2026-11-20T08:31:54.123Z."""
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z" if value else None
