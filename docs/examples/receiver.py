"""A complete receiver of integration events: verifies, de-duplicates, keeps order, answers honestly.

Run with Python 3.9 or newer, nothing to install:  SIGNING_SECRET=whsec_… PORT=8080 python3 receiver.py
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_S = 300
BODY_BYTES_MAX = 1024 * 1024


def refuse_reason(headers, body, secret, now_s):
    """Return None when the request is genuine, else the reason to refuse it."""
    event_id = headers.get("webhook-id")
    timestamp = headers.get("webhook-timestamp")
    signatures = headers.get("webhook-signature")
    if not (event_id and timestamp and signatures):
        return "signature headers are missing"
    if not timestamp.isdigit() or abs(now_s - int(timestamp)) > TOLERANCE_S:
        return "the timestamp is more than five minutes away"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    for item in signatures.split(" "):
        version, _, value = item.partition(",")
        try:
            given = base64.b64decode(value, validate=True)
        except binascii.Error:
            continue
        if version == "v1" and hmac.compare_digest(given, expected):
            return None
    return "the signature does not match"


# Keep both in your database, in the same transaction as the effect of the event.
seen_ids = set()
newest_sequence = {}


def apply(event):
    """Apply one event once, never an older one over a newer one."""
    if event["id"] in seen_ids:
        return "duplicate, already applied"
    seen_ids.add(event["id"])
    if event["sequence"] <= newest_sequence.get(event["partitionkey"], ""):
        return "older than what we have, ignored"
    newest_sequence[event["partitionkey"]] = event["sequence"]
    print(event["type"], event["partitionkey"], json.dumps(event["data"]), flush=True)  # noqa: T201
    return "applied"


class Receiver(BaseHTTPRequestHandler):
    """Answers each POST: 200 taken, 401 not genuine, 413 too large, 422 not understood."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > BODY_BYTES_MAX:
            self.close_connection = True
            return self._answer(413, f"at most {BODY_BYTES_MAX} bytes are taken")
        body = self.rfile.read(length)
        reason = refuse_reason(self.headers, body, os.environ["SIGNING_SECRET"], int(time.time()))
        if reason:
            return self._answer(401, reason)
        try:
            return self._answer(200, apply(json.loads(body)))
        except (ValueError, KeyError) as error:
            # 422: a person in Odoo sees this text and can correct the document.
            return self._answer(422, f"not understood: {error!r}")

    def _answer(self, status, text):
        content = text.encode()
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    if "SIGNING_SECRET" not in os.environ:
        raise SystemExit("SIGNING_SECRET must hold the endpoint's signing secret (whsec_…)")
    port = int(os.environ.get("PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
