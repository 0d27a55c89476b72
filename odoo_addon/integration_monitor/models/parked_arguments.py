"""Checks of the messages that a sidecar wants to have kept; see ``sidecar_arguments`` for the rules."""

import base64
import binascii
import re

from .sidecar_arguments import ID_MAX, check_name, check_whole_number, parse_text, refuse

PARKED_BYTES_MAX = 4 * 1024 * 1024


def parse_parked_message(message):
    """Return one message that names no delivery, or refuse it.

    :return: message_key, fingerprint, found_in, reason, message_id, message_type (None if absent),
        size_bytes, content (bytes)
    :raise ValidationError: IM_PARK_INVALID
    """
    code = "IM_PARK_INVALID"
    if not isinstance(message, dict):
        raise refuse(code, "a message must be an object", message)
    fingerprint = message.get("fingerprint")
    if not isinstance(fingerprint, str) or not re.fullmatch(r"[0-9a-f]{64}", fingerprint):
        raise refuse(code, "fingerprint must be 64 hex digits", fingerprint)
    return {
        "message_key": check_name(code, "message_key", message.get("message_key")),
        "fingerprint": fingerprint,
        "found_in": check_name(code, "found_in", message.get("found_in")),
        "reason": parse_text(code, "reason", message.get("reason")),
        "message_id": parse_text(code, "message_id", message.get("message_id")),
        "message_type": parse_text(code, "message_type", message.get("message_type")),
        "size_bytes": check_whole_number(code, "size_bytes", message.get("size_bytes"), 0, ID_MAX),
        "content": _parse_content(code, message.get("content")),
    }


def _parse_content(code, value):
    expected = f"content must be base64 of at most {PARKED_BYTES_MAX} bytes, or false"
    if value is False or value is None:
        return b""
    if not isinstance(value, str) or len(value) > PARKED_BYTES_MAX * 4 // 3 + 4:
        raise refuse(code, expected, type(value).__name__)
    try:
        return base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        raise refuse(code, expected, "something else") from None
