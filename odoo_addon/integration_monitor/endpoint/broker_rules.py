"""What an endpoint of kind AMQP may have as address, exchange and routing key. Pure functions.

The sidecar checks all of it again; here a person learns of a mistake while typing.
"""

import re
from urllib.parse import unquote, urlsplit

from .url_rules import UrlRefused, check_url

BROKER_SCHEMES = ("amqps", "amqp")
# AMQP 0-9-1 §4.2.5.3: a short string has at most 255 octets.
SHORT_STRING_BYTES_MAX = 255
PLACEHOLDERS = ("event_type", "record_model", "company_id")
_PLACEHOLDER_RE = re.compile(r"\{([^{}]*)\}")
_CONTROL_RE = re.compile(r"[\x00-\x1f\x7f]")


class BrokerSettingRefused(Exception):
    """`code` says why, `value` what."""

    def __init__(self, code, value):
        super().__init__(f"{code}: {value}")
        self.code = code
        self.value = value


def check_broker_url(url, allowed_text):
    """Refuse an address that is not ``amqps://host[:port][/vhost]``.

    :raise UrlRefused: codes of ``check_url``; "absolute" also for more than one path segment, for "." and
        "..", a query or a fragment
    """
    check_url(url, allowed_text, schemes=BROKER_SCHEMES)
    parts = urlsplit(url)
    vhost = parts.path.removeprefix("/")
    if "/" in vhost or parts.query or parts.fragment or url.endswith(("?", "#")):
        raise UrlRefused("absolute", url)
    # A percent sign that stands for nothing would make the sidecar refuse what was accepted here.
    # URL parsers take these two for steps between folders, also encoded, and lose them.
    if unquote(vhost) in (".", ".."):
        raise UrlRefused("absolute", url)
    is_encoded = not re.search(r"%(?![0-9a-fA-F]{2})", vhost)
    if not is_encoded or "\ufffd" in unquote(vhost) or _is_too_long(unquote(vhost)):
        raise UrlRefused("absolute", url)


def check_exchange(exchange):
    """:raise BrokerSettingRefused: codes "control", "length" """
    _check_short_string(exchange or "")


def check_routing_key(template, exchange):
    """Refuse a template that could not become a routing key.

    :raise BrokerSettingRefused: codes "control", "length", "placeholder", "brace", "queue_missing"
    """
    template = template or ""
    _check_short_string(template)
    for name in _PLACEHOLDER_RE.findall(template):
        if name not in PLACEHOLDERS:
            raise BrokerSettingRefused("placeholder", f"{{{name}}}")
    if re.search(r"[{}]", _PLACEHOLDER_RE.sub("", template)):
        raise BrokerSettingRefused("brace", template)
    if not template and not exchange:
        raise BrokerSettingRefused("queue_missing", "")


def _check_short_string(text):
    if _CONTROL_RE.search(text):
        raise BrokerSettingRefused("control", repr(text))
    if _is_too_long(text):
        raise BrokerSettingRefused("length", text)


def _is_too_long(text):
    return len(text.encode()) > SHORT_STRING_BYTES_MAX
