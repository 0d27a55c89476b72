import base64
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_genuine(headers, body, public_key="whpk_YOUR_PUBLIC_KEY"):
    """Whether the request comes from the holder of the key pair, unchanged and within the last five minutes.

    :param headers: mapping with names in lower case, or one that ignores case
    :param bytes body: the bytes as they came, before any JSON parser
    """
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not webhook_id or not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    content = f"{webhook_id}.{timestamp}.".encode() + body
    # Several signatures while a key is being changed: one that fits is enough.
    for item in headers.get("webhook-signature", "").split(" "):
        version, _, signature = item.partition(",")
        if version != "v1a":
            continue
        try:
            key.verify(base64.b64decode(signature), content)
            return True
        except (InvalidSignature, ValueError):
            continue
    return False
