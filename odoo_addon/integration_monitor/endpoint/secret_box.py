"""Encrypts secrets with keys of the server, so that the database alone reveals none. Pure functions.

A sealed secret is ``im1:<key id>:<base64url of 12 bytes nonce and AES-256-GCM ciphertext>``. The key id is
the first 8 hex digits of the key's SHA-256: nobody has to name keys, and a sealed secret says which key opens
it. The place of a secret (record and field) is authenticated with it: a sealed value that is copied into
another record or field cannot be opened there.
"""

import base64
import binascii
import hashlib
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
PREFIX = "im1:"
SEALED_RE = re.compile(r"im1:([0-9a-f]{8}):([A-Za-z0-9_-]{38,}={0,2})")


class SecretKeyInvalid(Exception):
    """The configured keys cannot be used. The message never holds a key."""


class SecretUnreadable(Exception):
    """A sealed secret cannot be opened with the configured keys."""


def parse_keys(text):
    """Return the keys in ``text``, the one to encrypt with first.

    :param str text: base64 of 32 bytes each, separated by commas or spaces
    :raise SecretKeyInvalid: an entry is something else
    """
    keys = []
    for position, entry in enumerate(re.split(r"[\s,]+", (text or "").strip()), start=1):
        if not entry:
            continue
        try:
            key = base64.b64decode(entry.replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            raise SecretKeyInvalid(f"entry {position} is not base64") from None
        if len(key) != KEY_BYTES:
            raise SecretKeyInvalid(f"entry {position} holds {len(key)} bytes, expected {KEY_BYTES}")
        keys.append(key)
    return keys


def is_sealed(text):
    return bool(SEALED_RE.fullmatch(text))


class SecretBox:
    """Seals with the first key, opens with any."""

    def __init__(self, keys):
        """:param keys: at least one key of 32 bytes"""
        self._key_by_id = {hashlib.sha256(key).hexdigest()[:8]: key for key in keys}
        self.current_id = next(iter(self._key_by_id))

    @property
    def current_prefix(self):
        """What every secret under the first key starts with."""
        return f"{PREFIX}{self.current_id}:"

    def seal(self, secret, place):
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._key_by_id[self.current_id]).encrypt(nonce, secret.encode(), place.encode())
        return self.current_prefix + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed, place):
        """:raise SecretUnreadable: unknown key, damaged text, or sealed for another place"""
        match = SEALED_RE.fullmatch(sealed)
        if not match:
            raise SecretUnreadable("it is damaged")
        key_id, text = match.groups()
        if key_id not in self._key_by_id:
            raise SecretUnreadable(f"its key {key_id} is not configured")
        try:
            content = base64.urlsafe_b64decode(text)
            key = AESGCM(self._key_by_id[key_id])
            return key.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise SecretUnreadable("it is damaged or belongs to another record") from None
