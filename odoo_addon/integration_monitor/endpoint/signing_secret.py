"""Signing secrets per Standard Webhooks: ``whsec_`` and 24 to 64 random bytes in base64."""

import base64
import binascii
import secrets

PREFIX = "whsec_"
BYTES_MIN = 24
BYTES_MAX = 64
BYTES_GENERATED = 32


def generate_signing_secret():
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES_GENERATED)).decode()


def is_signing_secret(text):
    if not text.startswith(PREFIX):
        return False
    try:
        key = base64.b64decode(text[len(PREFIX):], validate=True)
    except (binascii.Error, ValueError):
        return False
    return BYTES_MIN <= len(key) <= BYTES_MAX
