"""Signing secrets per Standard Webhooks.

Symmetric: ``whsec_`` and 24 to 64 random bytes in base64. Asymmetric (ed25519): ``whsk_`` and the 32 bytes of
the private seed, ``whpk_`` and the 32 bytes of the public key. Some tools write seed and public key after
``whsk_``.
"""

import base64
import binascii
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

PREFIX = "whsec_"
PRIVATE_PREFIX = "whsk_"
PUBLIC_PREFIX = "whpk_"
BYTES_MIN = 24
BYTES_MAX = 64
BYTES_GENERATED = 32
SEED_BYTES = 32


def generate_signing_secret():
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES_GENERATED)).decode()


def is_signing_secret(text):
    key = _decode(text, PREFIX)
    return key is not None and BYTES_MIN <= len(key) <= BYTES_MAX


def generate_signing_key():
    """Return a new private key as ``whsk_…``."""
    key = Ed25519PrivateKey.generate()
    seed = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return PRIVATE_PREFIX + base64.b64encode(seed).decode()


def is_signing_key(text):
    key = _decode(text, PRIVATE_PREFIX)
    if key is None or len(key) not in (SEED_BYTES, 2 * SEED_BYTES):
        return False
    # A public half that does not belong to the seed means a damaged key.
    return key[SEED_BYTES:] in (b"", _derive_public(key[:SEED_BYTES]))


def derive_public_key(signing_key):
    """Return the ``whpk_…`` that belongs to a valid ``whsk_…``."""
    seed = _decode(signing_key, PRIVATE_PREFIX)[:SEED_BYTES]
    return PUBLIC_PREFIX + base64.b64encode(_derive_public(seed)).decode()


def _derive_public(seed):
    public_key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _decode(text, prefix):
    if not text.startswith(prefix):
        return None
    try:
        return base64.b64decode(text[len(prefix) :], validate=True)
    except (binascii.Error, ValueError):
        return None
