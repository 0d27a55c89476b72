"""Checks a signature per Standard Webhooks (v1): the receiver's side of what the sidecar signs with."""

import base64
import binascii
import hashlib
import hmac

from .signing_secret import PREFIX

SCHEME = "v1,"
# Standard Webhooks: a request that is older, or from further in the future, is a replay or of a wrong clock.
TOLERANCE_S = 300


def is_recent(timestamp, now_s):
    """Whether the text is a number of seconds since 1970 that is close to ``now_s``."""
    return timestamp.isascii() and timestamp.isdigit() and abs(int(timestamp[:15]) - now_s) <= TOLERANCE_S


def is_signed(secret, webhook_id, timestamp, body, signatures):
    """Whether one of the signatures was made with the shared secret.

    :param str secret: ``whsec_…``
    :param bytes body: as it came
    :param str signatures: the header ``webhook-signature``, space-separated ``v1,<base64>``
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join([webhook_id.encode(), timestamp.encode(), body])
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    return any(
        hmac.compare_digest(expected, _decode(signature.removeprefix(SCHEME)))
        for signature in signatures.split()
        if signature.startswith(SCHEME)
    )


def _decode(text):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
