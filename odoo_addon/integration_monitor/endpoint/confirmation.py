"""What a receiver says about an event after it took it: read from its request, checked piece by piece."""

import json
import time
from dataclasses import dataclass

from .webhook_signature import TOLERANCE_S, is_recent, is_signed

PATH = "/integration_monitor/confirmations"
# What the receiver says → the state of the delivery.
STATE_BY_STATUS = {"processed": "acknowledged", "rejected": "failed"}
BODY_BYTES_MAX = 64 * 1024
EVENT_ID_CHARS_MAX = 64
REFERENCE_CHARS_MAX = 100
REASON_CHARS_MAX = 500
SIGNATURE_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class ConfirmationRefused(Exception):
    """Nothing was changed. Holds what the receiver is answered; its people read it, so it is English."""

    def __init__(self, status_code, code, message, retry_after_s=None):
        super().__init__(message)
        self.status_code, self.code, self.message = status_code, code, message
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Confirmation:
    event_id: str
    status: str  # a key of STATE_BY_STATUS
    reason: str  # empty where it was processed
    reference: str  # the receiver's own number for it; may be empty
    body: bytes
    signature: tuple  # the values of SIGNATURE_HEADERS

    def is_signed_with(self, secret):
        webhook_id, timestamp, signatures = self.signature
        return is_signed(secret, webhook_id, timestamp, self.body, signatures)


def read_confirmation(headers, body, now_s=None):
    """Return the Confirmation in a request, its signature not checked yet.

    :param headers: mapping, whose names do not depend on case
    :param bytes body: JSON ``{"event_id", "status", "reason", "reference"}``
    :raise ConfirmationRefused: 400, 401
    """
    signature = tuple(headers.get(name) or "" for name in SIGNATURE_HEADERS)
    missing = [name for name, value in zip(SIGNATURE_HEADERS, signature, strict=True) if not value]
    if missing:
        raise refuse_signature(f"The request has no header {', '.join(missing)}.")
    if not is_recent(signature[1], time.time() if now_s is None else now_s):
        raise refuse_signature(
            f"webhook-timestamp must be seconds since 1970, at most {TOLERANCE_S} seconds from now. "
            "Check your clock, and sign each try anew."
        )
    fields = _read_object(body)
    status = fields.get("status")
    if not isinstance(status, str) or status not in STATE_BY_STATUS:
        raise _invalid(f'"status" must be one of {", ".join(STATE_BY_STATUS)}.')
    confirmation = Confirmation(
        event_id=_read_text(fields, "event_id", EVENT_ID_CHARS_MAX),
        status=status,
        reason=_read_text(fields, "reason", REASON_CHARS_MAX),
        reference=_read_text(fields, "reference", REFERENCE_CHARS_MAX),
        body=body,
        signature=signature,
    )
    if not confirmation.event_id:
        raise _invalid('"event_id" must be the "id" of the event that you got (also its header webhook-id).')
    if status == "rejected" and not confirmation.reason:
        raise _invalid('"reason" must say in a sentence why it was rejected: a person has to act on it.')
    return confirmation


def refuse_signature(message):
    return ConfirmationRefused(401, "IM_CONFIRMATION_UNSIGNED", message)


def _invalid(message):
    return ConfirmationRefused(400, "IM_CONFIRMATION_INVALID", message)


def _read_object(body):
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise _invalid('The body must be a JSON object such as {"event_id": "…", "status": "processed"}.')
    return fields


def _read_text(fields, name, chars_max):
    """Return the field's text on one line, empty where there is none.

    PostgreSQL cannot store a NUL, nor half a surrogate pair, which JSON can carry.
    """
    text = fields.get(name)
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > chars_max:
        raise _invalid(f'"{name}" must be a text of at most {chars_max} characters.')
    text = text.replace("\0", " ").encode("utf-8", "replace").decode()
    return " ".join(text.split())
