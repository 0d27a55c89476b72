"""Checks of what a sidecar sends, so that everything behind the door can trust its arguments.

Unknown keys are tolerated (a newer sidecar may say more), wrong types are refused. Over-long or unstorable
texts are cut, and numbers that only describe an attempt are brought into their range, instead of refused:
evidence must not be lost because an endpoint answered oddly. What decides (ids, attempt numbers, results) is
never guessed.
XML-RPC knows no null, so False stands for "absent".
"""

import math
from datetime import UTC, datetime

from odoo.exceptions import ValidationError

from .delivery_state_machine import FAILURE_CLASSES, RETURNED, STATE_BY_RESULT

BATCH_MAX = 1000
CREDIT_ENDPOINTS_MAX = 10_000
ID_MAX = 2**31 - 1
NAME_CHARS_MAX = 200
TEXT_CHARS_MAX = 2000
# What a test sent is shown as a whole, as far as people read.
REQUEST_CHARS_MAX = 20_000
RETRY_DELAY_S_MAX = 30 * 24 * 3600
# PostgreSQL would add a duration past the year 9999, and Python could never read the row again.
YEAR_BEGIN, YEAR_END = 1000, 9000
RESULTS = (*STATE_BY_RESULT, RETURNED)
FAILURE_CLASS_KEYS = frozenset(key for key, _label in FAILURE_CLASSES)


def check_whole_number(code, name, value, low, high):
    """Return ``value`` if it is an int from ``low`` to ``high``; booleans are not numbers.

    :raise ValidationError: ``<code>: …``
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refuse(code, f"{name} must be a whole number from {low} to {high}", value)
    return value


def check_name(code, name, value):
    """Return the short text ``value``, such as a worker's name.

    :raise ValidationError: ``<code>: …``
    """
    if not isinstance(value, str) or not value.strip() or len(value) > NAME_CHARS_MAX:
        raise refuse(code, f"{name} must be a text of 1 to {NAME_CHARS_MAX} characters", value)
    name_text = _storable(value.strip())
    if not name_text:
        raise refuse(code, f"{name} must be a text of 1 to {NAME_CHARS_MAX} characters", value)
    return name_text


def check_roll(code, name, value):
    """Return the text ``value``: a roll as a handshake answered it, or "" for none.

    :raise ValidationError: ``<code>: …``
    """
    if not isinstance(value, str) or len(value) > NAME_CHARS_MAX or not value.isascii() or "\x00" in value:
        raise refuse(code, f"{name} must be the roll of an earlier answer, an empty text or False", value)
    return value


def check_flag(code, name, value):
    """Return ``value`` if it is true or false.

    :raise ValidationError: ``<code>: …``
    """
    if not isinstance(value, bool):
        raise refuse(code, f"{name} must be true or false", value)
    return value


def check_batch(code, name, value):
    """Return the list ``value`` if it is not longer than a batch may be.

    :raise ValidationError: ``<code>: …``
    """
    if not isinstance(value, list | tuple) or len(value) > BATCH_MAX:
        raise refuse(code, f"{name} must be a list of at most {BATCH_MAX} entries", value)
    return list(value)


def parse_credits(value):
    """Return ``{endpoint_id: credit}`` from ``{"<endpoint_id>": credit}``; JSON and XML-RPC keys are texts.

    :raise ValidationError: IM_CLAIM_INVALID
    """
    code = "IM_CLAIM_INVALID"
    if not isinstance(value, dict) or len(value) > CREDIT_ENDPOINTS_MAX:
        raise refuse(code, "credits must be an object of endpoint id and number", value)
    parsed = {}
    for key, credit in value.items():
        is_digits = isinstance(key, str) and key.isascii() and key.isdigit() and len(key) <= 10
        if not is_digits or not 0 < int(key) <= ID_MAX:
            raise refuse(code, "a key of credits must be an endpoint id in digits", key)
        parsed[int(key)] = check_whole_number(code, f"credits[{key}]", credit, 0, ID_MAX)
    return parsed


def parse_published(claims):
    """Return the ids and the attempt numbers of published claims as two lists.

    :raise ValidationError: IM_PUBLISHED_INVALID
    """
    code = "IM_PUBLISHED_INVALID"
    ids, numbers = [], []
    for claim in check_batch(code, "claims", claims):
        if not isinstance(claim, dict):
            raise refuse(code, "a claim must be an object with delivery_id and attempt_number", claim)
        ids.append(check_whole_number(code, "delivery_id", claim.get("delivery_id"), 1, ID_MAX))
        numbers.append(check_whole_number(code, "attempt_number", claim.get("attempt_number"), 1, ID_MAX))
    return ids, numbers


def parse_outcome(outcome):
    """Return one outcome with every key of the contract, or refuse it.

    :return: ``started_at`` as naive UTC datetime, texts cut to 2,000 characters, absent texts None; a failure
        class of a newer sidecar is None as well. ``send_before``, that of the claim, tells which copy is
        given back; None from older sidecars
    :raise ValidationError: IM_OUTCOME_INVALID
    """
    code = "IM_OUTCOME_INVALID"
    if not isinstance(outcome, dict):
        raise refuse(code, "an outcome must be an object", outcome)
    result = outcome.get("result")
    if not isinstance(result, str) or result not in RESULTS:
        raise refuse(code, f"result must be one of {', '.join(RESULTS)}", result)
    failure_class = outcome.get("failure_class") or None
    if failure_class is not None and not isinstance(failure_class, str):
        raise refuse(code, "failure_class must be a text or false", failure_class)
    if failure_class not in FAILURE_CLASS_KEYS:
        failure_class = None
    error = parse_text(code, "error", outcome.get("error"))
    delivered = result == "delivered"
    send_before = outcome.get("send_before")
    return {
        "delivery_id": check_whole_number(code, "delivery_id", outcome.get("delivery_id"), 1, ID_MAX),
        "attempt_number": check_whole_number(
            code, "attempt_number", outcome.get("attempt_number"), 1, ID_MAX
        ),
        "result": result,
        "started_at": _parse_instant(code, "started_at", outcome.get("started_at")),
        "duration_ms": int(_parse_measure(code, "duration_ms", outcome.get("duration_ms"), ID_MAX)),
        "status_code": int(_parse_measure(code, "status_code", outcome.get("status_code"), 999)),
        "failure_class": None if delivered else failure_class,
        "error": None if delivered else error,
        "response_excerpt": parse_text(code, "response_excerpt", outcome.get("response_excerpt")),
        "retry_delay_s": _parse_retry_delay(code, result, outcome.get("retry_delay_s")),
        "stop_endpoint": outcome.get("stop_endpoint") is True,
        "worker": _parse_worker(code, outcome.get("worker")),
        "send_before": _parse_instant(code, "send_before", send_before) if send_before else None,
        "request_head": _parse_request(code, "request_head", outcome),
        "request_body": _parse_request(code, "request_body", outcome),
    }


def _parse_request(code, name, outcome):
    return parse_text(code, name, outcome.get(name), REQUEST_CHARS_MAX)


def _parse_worker(code, value):
    return check_name(code, "worker", value[:NAME_CHARS_MAX] if isinstance(value, str) else value)


def _parse_measure(code, name, value, high):
    """A number that only describes: out of range it is brought into it. NaN is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise refuse(code, f"{name} must be a number from 0 to {high}", value)
    return min(max(value, 0), high)


def _parse_instant(code, name, value):
    expected = f'{name} must be an instant like "2026-11-20T08:31:54.123Z"'
    if not isinstance(value, str):
        raise refuse(code, expected, value)
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise refuse(code, expected, value) from None
    if instant.tzinfo is None:
        raise refuse(code, expected, value)
    # A clock that is wrong by centuries must not cost the outcome. Converting may leave the calendar:
    # "0001-01-01T00:00:00+14:00" lies before the first year.
    if not YEAR_BEGIN < instant.year < YEAR_END:
        return datetime.now(UTC).replace(tzinfo=None)
    return instant.astimezone(UTC).replace(tzinfo=None)


def parse_text(code, name, value, chars_max=TEXT_CHARS_MAX):
    """Return the text ``value``, storable and cut; None if it is absent.

    :raise ValidationError: ``<code>: …``
    """
    if value is None or value is False or value == "":
        return None
    if not isinstance(value, str):
        raise refuse(code, f"{name} must be a text or false", value)
    return _storable(value)[:chars_max]


def _parse_retry_delay(code, result, value):
    if result != "retry":
        return None
    return float(_parse_measure(code, "retry_delay_s", value, RETRY_DELAY_S_MAX))


def _storable(text):
    """PostgreSQL stores neither NUL characters nor half surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def refuse(code, expected, value):
    """The error for ``value``: what was expected and what came."""
    # Only scalars are echoed: a structure could carry a payload, which never belongs into a message.
    got = value if value is None or isinstance(value, bool | int | float | str) else type(value).__name__
    if isinstance(got, str):
        got = f'"{_storable(got[:80])}"'
    elif isinstance(got, int) and not isinstance(got, bool) and got.bit_length() > 64:
        got = "a very large number"  # Python refuses to print thousands of digits
    return ValidationError(f"{code}: {expected}, got {got}.")
