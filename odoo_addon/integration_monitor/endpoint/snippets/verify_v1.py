import base64
import hashlib
import hmac
import os
import time

SECRET = os.environ.get("WEBHOOK_SECRET", "whsec_YOUR_SECRET")


def is_genuine(headers, body, secret=SECRET):
    """Whether the request comes from the holder of the secret, unchanged and within the last five minutes.

    :param headers: mapping with names in lower case, or one that ignores case
    :param bytes body: the bytes as they came, before any JSON parser
    """
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not webhook_id or not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{webhook_id}.{timestamp}.".encode() + body
    digest = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
    # Several signatures while a secret is being changed: one that fits is enough.
    return any(
        hmac.compare_digest(item.encode(), b"v1," + digest)
        for item in headers.get("webhook-signature", "").split(" ")
    )
