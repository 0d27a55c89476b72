"""Certificates and keys as PEM text. Pure functions; PEM is the only form that the sidecar takes as well."""

import re
from datetime import UTC

from cryptography import x509
from cryptography.hazmat.primitives import serialization

CERTIFICATE_RE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
PUBLIC = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class TlsMaterialInvalid(Exception):
    """A PEM text that is refused; `code` says why. Never holds any of it, which may be a private key."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def parse_certificates(pem):
    """Return the certificates in the text, at least one, in their order.

    :raise TlsMaterialInvalid: codes "private_key_in_certificate", "certificate"
    """
    if "PRIVATE KEY" in pem:
        # It would be shown on screen.
        raise TlsMaterialInvalid("private_key_in_certificate")
    blocks = CERTIFICATE_RE.findall(pem)
    if not blocks:
        raise TlsMaterialInvalid("certificate")
    try:
        return [x509.load_pem_x509_certificate(block.encode()) for block in blocks]
    except ValueError:
        raise TlsMaterialInvalid("certificate") from None


def parse_private_key(pem):
    """:raise TlsMaterialInvalid: codes "key_encrypted", "key" """
    try:
        return serialization.load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise TlsMaterialInvalid("key_encrypted") from None
    except ValueError as error:
        code = "key_encrypted" if "ENCRYPTED" in pem and "BEGIN" in pem else "key"
        raise TlsMaterialInvalid(code) from error
    except Exception as error:  # noqa: BLE001  UnsupportedAlgorithm and what OpenSSL may raise besides
        raise TlsMaterialInvalid("key") from error


def check_pair(certificate_pem, key_pem):
    """Refuse a key that does not belong to the first certificate, which is the client's own.

    :raise TlsMaterialInvalid: code "pair", and those of the parsers
    """
    certificate = parse_certificates(certificate_pem)[0]
    key = parse_private_key(key_pem)
    if certificate.public_key().public_bytes(*PUBLIC) != key.public_key().public_bytes(*PUBLIC):
        raise TlsMaterialInvalid("pair")


def find_expiry(pem):
    """Return when the first of the certificates to expire does, as naive UTC."""
    return min(_read_expiry(certificate) for certificate in parse_certificates(pem))


def _read_expiry(certificate):
    # The naive property is deprecated since cryptography 42, and the only one before.
    if hasattr(certificate, "not_valid_after_utc"):
        return certificate.not_valid_after_utc.astimezone(UTC).replace(tzinfo=None)
    return certificate.not_valid_after
